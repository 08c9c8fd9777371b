import { access, copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../../src/store/embedded/start.ts'
import { type Mongo, startMongo } from '../mongodb/start.ts'
import { type Bucket, startBucket } from '../s3/server.ts'
import { makeBackups } from './backups.ts'
import { owner, seedDatabase, writeSince } from './seed.ts'

export type Databases = {
  /** As PortTrack and the bot connect: the owner, no superuser. */
  readonly url: string
  /** The server's superuser, for making trouble. */
  readonly adminUrl: string
  /** Where the backups lie. */
  readonly backups: string
  /** A bucket that speaks S3, with older backups. */
  readonly bucket: Bucket
  /** PortTrack's documents; undefined where they were not asked for, or their programs are not built. */
  readonly mongo: Mongo | undefined
  stop(): Promise<void>
}

type Options = { readonly folder: string; readonly mongo: boolean; readonly onLog: (line: string) => void }

/**
 * PortTrack's own PostgreSQL with data and with backups, good and bad, and its MongoDB beside it. Without pg_dump there are no
 * backups of PostgreSQL, and a line says so.
 */
export async function startDatabases(options: Options): Promise<Databases> {
  const { folder, onLog } = options
  const [postgres, mongo] = await Promise.allSettled([
    startPostgres(options),
    options.mongo ? startMongo({ folder, onLog }) : undefined,
  ])
  const started = [postgres, mongo].flatMap((each) => (each.status === 'fulfilled' && each.value ? [each.value] : []))
  const stop = async () => {
    for (const each of started) await each.stop()
  }
  if (postgres.status === 'rejected') return stop().then(() => Promise.reject(postgres.reason))
  if (mongo.status === 'rejected') return stop().then(() => Promise.reject(mongo.reason))
  // Somebody has put a dump of PostgreSQL among the others under a wrong name.
  if (mongo.value !== undefined)
    await copyFile(join(postgres.value.backups, 'nightly.dump'), join(mongo.value.backups, 'renamed.archive')).catch(
      () => undefined,
    )
  return { ...postgres.value, mongo: mongo.value, stop }
}

async function startPostgres({ folder, onLog }: Options): Promise<Omit<Databases, 'mongo'>> {
  const server = await startEmbedded({ folder: join(folder, 'porttrack-database'), onLog, database: 'porttrack' })
  const [backups, inBucket] = [join(folder, 'backups'), join(folder, 'bucket')]
  const url = asOwner(server.url, 'porttrack')
  try {
    const fresh = await seedDatabase(server.url)
    if (fresh || !(await exists(backups))) await makeThem(server.url, url, { backups, inBucket }, fresh, onLog)
    await mkdir(inBucket, { recursive: true })
    await mkdir(`${backups}-safety`, { recursive: true })
    const bucket = await startBucket({ folder: inBucket, name: 'porttrack-backups' })
    return { url, adminUrl: server.url, backups, bucket, stop: () => bucket.stop().then(server.stop) }
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function makeThem(
  adminUrl: string,
  url: string,
  folders: { readonly backups: string; readonly inBucket: string },
  fresh: boolean,
  onLog: Options['onLog'],
): Promise<void> {
  await withAdmin(adminUrl, async (client) => {
    const { rows } = await client.query(`select from pg_database where datname = 'billing'`)
    if (rows.length === 0) await client.query(`create database billing owner ${owner.name}`)
  })
  await makeBackups(url, asOwner(adminUrl, 'billing'), folders).catch((error: NodeJS.ErrnoException) => {
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
