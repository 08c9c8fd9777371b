import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Catalog } from '../../src/catalog/schema.ts'
import { restorePointsOf } from '../../src/operations/restoring/points.ts'
import type { Services } from '../../src/operations/services.ts'
import { rememberBackupVerdict } from '../../src/store/backup-verdicts.ts'
import type { Db } from '../../src/store/db.ts'
import { watchBackups } from '../../src/watchers/backups/watch.ts'
import { openStore, ops, startWorld, testCatalog, type World } from '../delivery/world.ts'
import { silent, startTestServer, type TestServer } from '../store/helpers/store.ts'
import { until } from '../store/helpers/until.ts'

let server: TestServer
let db: Db
let folder: string
let world: World | undefined
let stopWatch: () => Promise<void>
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  db = await openStore(server)
  folder = await mkdtemp(join(tmpdir(), 'rescue-alarm-'))
})
afterEach(async () => {
  await stopWatch()
  await world?.stop()
  await db.close()
  await rm(folder, { recursive: true, force: true })
})

const catalogWith = (alarm: object | string): Catalog =>
  testCatalog({
    databases: {
      papers: {
        engine: 'mongodb',
        url: { env: 'PAPERS' },
        backups: { places: { nightly: { kind: 'folder', path: join(folder, 'place') } }, alarm },
      },
    },
  })

/** @param asked called at each look */
const services = (catalog: Catalog, asked: () => void = () => undefined): Services => ({
  catalog,
  db,
  log: silent,
  scratch: join(folder, 'scratch'),
  secret: async () => {
    asked()
    return 'mongodb://127.0.0.1:1/papers'
  },
  cluster: () => {
    throw new Error('no cluster is asked')
  },
})

/** A watch that looks all the time, counted. */
async function watch(catalog: Catalog): Promise<{ looks(): number }> {
  world = await startWorld(db, { catalog })
  let looks = 0
  const end = new AbortController()
  const watching = watchBackups(
    services(catalog, () => void looks++),
    end.signal,
    { everyMs: 20, againMs: 1 },
  )
  stopWatch = async () => {
    end.abort()
    await watching
  }
  return { looks: () => looks }
}

/** A folder as mongodump writes it, of so many hours ago. */
async function backup(name: string, hours: number): Promise<void> {
  const at = new Date(Date.now() - hours * 3_600_000)
  const path = join(folder, 'place', name, 'papers')
  await mkdir(path, { recursive: true })
  await writeFile(join(path, 'letters.bson'), Buffer.from([5, 0, 0, 0, 0]))
  await writeFile(join(path, 'letters.metadata.json'), '{"indexes":[],"collectionName":"letters","type":"collection"}')
  for (const one of ['letters.bson', 'letters.metadata.json', '']) await utimes(join(path, one), at, at)
}

const alarms = async () =>
  (await world?.messages(ops))?.filter(({ blocks }) => JSON.stringify(blocks).includes('papers')) ?? []
const audit = async () =>
  (await db.query<{ kind: string }>(`select kind from audit where kind like 'backup%' order by seq`)).rows.map(
    ({ kind }) => kind,
  )
const pages = () => world?.pagerduty.pagingSummary().incidents ?? []

describe('an alarm about backups', () => {
  it('is told once, pages where the catalog says so, and ends visibly when there is a fresh backup', async () => {
    await backup('old', 50)
    const { looks } = await watch(catalogWith({ olderThanHours: 36, page: true }))
    const card = await world?.seen(ops, 'demasiado viejo')
    expect(JSON.stringify(card?.blocks)).toMatch(/nightly\/old\/papers.*datos de hace 2 días.*el catálogo permite 36 h/)
    await until('a page', () => pages().length === 1)
    const seen = looks()
    await until('three more looks', () => looks() >= seen + 3)
    await world?.settled()
    expect([(await alarms()).length, pages().length, await audit()]).toEqual([1, 1, ['backup_alarm']])

    await backup('new', 1)
    await world?.seen(ops, 'Acabada', card?.ts)
    await until('the page is over', () => pages().every(({ status }) => status === 'resolved'))
    expect(JSON.stringify((await alarms())[0]?.blocks)).toMatch(/✓ Acabada.*demasiado viejo/)
    expect(await audit()).toEqual(['backup_alarm', 'backup_alarm_over'])
  })

  it('says how to prove a backup when none was proved for too long, and ends when one was', async () => {
    await backup('new', 1)
    await db.query(`insert into backup_watches (database, since) values ('papers', now() - interval '8 days')`)
    await watch(catalogWith({}))
    const card = await world?.seen(ops, 'no se comprueba')
    expect(JSON.stringify(card?.blocks)).toContain('/recover mongo papers ultimo copia')
    const [point] = (await restorePointsOf(services(catalogWith({})), 'papers')).points
    if (point === undefined) throw new Error('there is no backup')
    await rememberBackupVerdict(db, point, { good: true, sha256: 'aa' })
    await world?.seen(ops, 'Acabada', card?.ts)
    expect(pages()).toEqual([])
  })

  it('tells a place that cannot be read, until it can', async () => {
    await backup('new', 1)
    await watch(catalogWith({}))
    await rename(join(folder, 'place'), join(folder, 'away'))
    const card = await world?.seen(ops, 'No se pueden leer')
    await rename(join(folder, 'away'), join(folder, 'place'))
    await world?.seen(ops, 'Acabada', card?.ts)
    expect(await audit()).toEqual(['backup_alarm', 'backup_alarm_over'])
  })

  it('is not raised where the catalog says off, and one that was open ends', async () => {
    await db.query(`insert into backup_alarms (database, cause) values ('papers', 'none')`)
    await watch(catalogWith('off'))
    await world?.seen(ops, 'Acabada')
    expect(await audit()).toEqual(['backup_alarm_over'])
  })
})
