import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { judgeBackup } from '../../src/operations/recover-postgres/backup.ts'
import { choicesOf } from '../../src/operations/restoring/points.ts'
import type { Services } from '../../src/operations/services.ts'
import { readDatabase } from '../../src/status/database.ts'
import type { Db } from '../../src/store/db.ts'
import type { Look } from '../../src/texts/language.ts'
import { recoverModal } from '../../src/texts/modals/recover.ts'
import { sha256 } from '../backups/support/good-forms.ts'
import { plainDump } from '../backups/support/plain-dump.ts'
import { testCatalog } from '../delivery/world.ts'
import { silent, startTestServer, type TestServer } from '../store/helpers/store.ts'

let server: TestServer
let db: Db
let folder: string
beforeAll(async () => {
  server = await startTestServer()
  db = await server.freshStore()
})
afterAll(() => server.stop())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescue-surfaces-'))
  await mkdir(join(folder, 'nightly'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** As large as a dump of a small database. */
const dump = Buffer.concat([plainDump, Buffer.alloc(9_900 - plainDump.length, '\n')])

const look: Look = { language: 'es', now: new Date() }

/** @param checks of the catalog: questions to the database in use */
const services = (checks: readonly object[] = []): Services => ({
  catalog: testCatalog({
    databases: {
      ports: {
        engine: 'postgres',
        url: { env: 'PORTS' },
        backups: { places: { nightly: { kind: 'folder', path: join(folder, 'nightly') } }, plainSql: true },
        restore: { checks },
      },
    },
  }),
  db,
  log: silent,
  scratch: join(folder, 'scratch'),
  secret: async () => server.url,
  cluster: () => {
    throw new Error('no cluster is asked')
  },
})

async function backup(name: string, hours: number, sum?: string): Promise<void> {
  const path = join(folder, 'nightly', name)
  await writeFile(path, dump)
  const at = new Date(Date.now() - hours * 3_600_000)
  await utimes(path, at, at)
  if (sum !== undefined) await sumOf(name, sum)
}
const sumOf = (name: string, sum: string) => writeFile(join(folder, 'nightly', `${name}.sha256`), `${sum}  ${name}\n`)

async function form() {
  const points = { kind: 'there', ...(await choicesOf(services(), 'ports')) } as const
  const modal = { databases: ['ports'], database: 'ports', points, reason: undefined, metadata: '{}' }
  return JSON.stringify(recoverModal(modal, look))
}
const chosen = (view: string) => /"initial_option":\{"value":"(nightly[^"]*)"/.exec(view)?.[1]

describe('the form of /recover', () => {
  it('chooses the newest ordinary backup, and says of what the bot kept what it is', async () => {
    await backup('safety-R-0028-ports-20261124T171500Z.sql', 0)
    await backup('monday.sql', 30)
    await backup('tuesday.sql', 6)
    const view = await form()
    expect(view).toMatch(/tuesday\.sql.*monday\.sql.*safety-R-0028/)
    expect(view).toMatch(/copia de seguridad del bot, antes de R-0028 · nightly/)
    expect(chosen(view)).toBe('nightly/tuesday.sql')
    expect(view).toContain('nightly · 9,9 kB')
  })

  it('chooses none for anybody where there are only safety backups', async () => {
    await backup('safety-R-0028-ports-20261124T171500Z.sql', 0)
    const view = await form()
    expect([chosen(view), view.includes('safety-R-0028')]).toEqual([undefined, true])
  })

  it('remembers that a backup is not what its .sha256 says, until that says something else', async () => {
    await backup('monday.sql', 30)
    await backup('tuesday.sql', 6, 'a'.repeat(64))
    expect(chosen(await form())).toBe('nightly/tuesday.sql')
    const [point] = (await choicesOf(services(), 'ports')).points
    if (point === undefined) throw new Error('no backup is listed')
    const { signal } = new AbortController()
    const judged = await judgeBackup(services(), { database: 'ports', point }, signal, async () => undefined)
    expect(judged).toMatchObject({ detail: { why: 'checksum_mismatch' } })
    const view = await form()
    expect(chosen(view)).toBe('nightly/monday.sql')
    expect(view).toMatch(/✗ `tuesday\.sql`: leído entero y malo: no es lo que dice su \.sha256/)
    await sumOf('tuesday.sql', sha256(dump))
    expect(chosen(await form())).toBe('nightly/tuesday.sql')
  })

  it('offers no backup whose .sha256 is of other files', async () => {
    await backup('monday.sql', 30)
    await backup('tuesday.sql', 6)
    await writeFile(join(folder, 'nightly', 'tuesday.sql.sha256'), `${'a'.repeat(64)}  other.sql\n`)
    expect(await choicesOf(services(), 'ports')).toMatchObject({ points: [{ name: 'monday.sql' }], unfit: 1 })
  })
})

describe('the status of a database in depth', () => {
  const status = async (checks: readonly object[], deep = true) => {
    const all = services(checks)
    const entry = all.catalog.databases['ports']
    if (entry === undefined) throw new Error('the catalog names no ports')
    return readDatabase(all, 'ports', entry, AbortSignal.timeout(20_000), deep)
  }
  const well = { name: 'one', query: 'select 1' }

  it('is degraded by a check of the catalog that fails, with its name and what it says', async () => {
    const gone = { name: 'bookings', query: 'select count(*) from bookings' }
    const none = { name: 'vessels', query: 'select 0' }
    expect(await status([well, gone, none])).toMatchObject({
      state: 'degraded',
      reason: 'check_fails',
      detail: 'bookings: relation "bookings" does not exist; vessels: 0',
    })
    expect(await status([well])).toMatchObject({ state: 'healthy', reason: undefined })
    expect(await status([gone], false)).toMatchObject({ state: 'healthy' })
  })

  it('is not degraded by a check that takes too long, but says so', async () => {
    expect(await status([{ name: 'slow', query: 'select pg_sleep(60)' }, well])).toMatchObject({
      state: 'healthy',
      reason: 'checks_late',
      detail: 'slow',
    })
  })
})
