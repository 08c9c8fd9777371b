import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkDatabases } from '../../src/cli/doctor/doctor-databases.ts'
import { environmentSchema } from '../../src/config/environment.ts'
import { plainDump } from '../backups/support/plain-dump.ts'
import { testCatalog } from '../delivery/world.ts'
import { startTestServer, type TestServer } from '../store/helpers/store.ts'

let server: TestServer
let folder: string
beforeAll(async () => {
  server = await startTestServer()
  folder = await mkdtemp(join(tmpdir(), 'rescue-doctor-'))
  await mkdir(join(folder, 'nightly'))
  await writeFile(join(folder, 'nightly', 'monday.sql'), plainDump)
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const urls: Readonly<Record<string, () => string>> = {
  PORTS: () => server.url,
  // An address without a name of a database: nobody waits for a server.
  PAPERS: () => 'mongodb://bot:geheim@127.0.0.1:1',
  GONE: () => Object.assign(new URL(server.url), { pathname: '/nowhere' }).href,
}

async function doctor() {
  const places = { nightly: { kind: 'folder', path: join(folder, 'nightly') } }
  const database = (engine: string, env: string) => ({ engine, url: { env }, backups: { places, plainSql: true } })
  const catalog = testCatalog({
    databases: {
      ports: database('postgres', 'PORTS'),
      papers: database('mongodb', 'PAPERS'),
      gone: database('postgres', 'GONE'),
    },
  })
  const environment = environmentSchema.parse({ RESCUE_DATA: folder, RESCUE_MONGO_TOOLS: join(folder, 'none') })
  const secret = async (name: object) => urls[String(Reflect.get(name, 'env'))]?.() ?? ''
  const checks = await checkDatabases({ environment, catalog, secret, path: ['/secret/bin', '/other/bin'] }, 'es')
  return checks.map(({ name, state, detail, next }) => `${state} ${name}: ${detail}${next ? ` → ${next}` : ''}`)
}

it('the doctor looks at databases of both engines, at their programs and their backups', async () => {
  const told = await doctor()
  expect(told).toContainEqual(expect.stringMatching(/^ok base ports: PostgreSQL \d+\.\d+$/))
  expect(told).toContainEqual(expect.stringMatching(/^ok backups de ports: el más nuevo tiene /))
  expect(told).toContainEqual(expect.stringMatching(/^failed base papers: .*names no database.* → mira la dirección/))
  expect(told).toContainEqual(
    'failed base papers: no se encontraron mongodump y mongorestore → instala MongoDB Database Tools, o pon RESCUE_MONGO_TOOLS',
  )
  expect(told).toContainEqual(expect.stringMatching(/^failed backups de papers: no hay ningún backup/))
  expect(told.join('\n')).not.toMatch(/geheim|\/secret\/bin/)
})

it('a database that does not exist is a fault, and what to do is said', async () => {
  expect(await doctor()).toContainEqual(
    expect.stringMatching(/^failed base gone: PostgreSQL \d+\.\d+ responde, y la base no existe → .*recover db gone$/),
  )
})
