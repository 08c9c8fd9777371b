import { access } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../../src/store/embedded/start.ts'
import { makeBackups } from './backups.ts'
import { owner, seedDatabase, writeSince } from './seed.ts'

export type Databases = {
  /** As PortTrack and the bot connect: the owner, no superuser. */
  readonly url: string
  /** The server's superuser, for making trouble. */
  readonly adminUrl: string
  /** Where the backups lie. */
  readonly backups: string
  stop(): Promise<void>
}

type Options = { readonly folder: string; readonly onLog: (line: string) => void }

/** PortTrack's own PostgreSQL with data and with backups, good and bad. Without pg_dump there are no backups, and a line says so. */
export async function startDatabases({ folder, onLog }: Options): Promise<Databases> {
  const server = await startEmbedded({ folder: join(folder, 'porttrack-database'), onLog, database: 'porttrack' })
  const backups = join(folder, 'backups')
  const url = asOwner(server.url, 'porttrack')
  try {
    const fresh = await seedDatabase(server.url)
    if (fresh || !(await exists(backups))) await makeThem(server.url, url, backups, fresh, onLog)
  } catch (error) {
    await server.stop()
    throw error
  }
  return { url, adminUrl: server.url, backups, stop: server.stop }
}

async function makeThem(
  adminUrl: string,
  url: string,
  backups: string,
  fresh: boolean,
  onLog: Options['onLog'],
): Promise<void> {
  await withAdmin(adminUrl, async (client) => {
    const { rows } = await client.query(`select from pg_database where datname = 'billing'`)
    if (rows.length === 0) await client.query(`create database billing owner ${owner.name}`)
  })
  await makeBackups(url, asOwner(adminUrl, 'billing'), backups).catch((error: NodeJS.ErrnoException) => {
    onLog(`there are no backups of PortTrack (${error.code ?? error.message}): install postgresql-client`)
  })
  if (fresh) await withAdmin(url, writeSince)
}

export async function withAdmin<T>(url: string, body: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await body(client)
  } finally {
    await client.end()
  }
}

function asOwner(adminUrl: string, database: string): string {
  const url = new URL(adminUrl)
  url.username = owner.name
  url.password = owner.password
  url.pathname = `/${database}`
  return url.href
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
