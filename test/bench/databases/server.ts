import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { prepareBinaries } from '../../../src/store/embedded/binaries.ts'
import { prepareCluster, superuser } from '../../../src/store/embedded/cluster.ts'
import { preparePlace } from '../../../src/store/embedded/place.ts'
import { freePort } from '../ports.ts'
import { until } from '../stats.ts'

export type BigServer = {
  readonly port: number
  /** Of an account that owns its databases and is no superuser; as docs/recover-db.md asks. */
  url(database: string): string
  admin(database: string, ...statements: readonly string[]): Promise<pg.QueryResult>
  stop(): Promise<void>
}

export const account = { name: 'keeper', password: 'a-password-of-the-bench' } as const

/**
 * As production runs it: everything is written to the log in full, since replicas and archives need it. The embedded store's
 * own settings would spare pg_restore --jobs that work, and flatter what is measured.
 */
const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'wal_level=replica',
  'fsync=on',
  'shared_buffers=256MB',
  'max_wal_size=1GB',
  'autovacuum=on',
  'jit=off',
]

export async function startBigServer(folder: string): Promise<BigServer> {
  const place = await preparePlace(folder, () => undefined)
  const programs = await prepareBinaries(place)
  const { password } = await prepareCluster(place, programs)
  const port = await freePort()
  const log = await open(place.log, 'a', 0o600)
  const child = spawn(
    join(programs, 'bin', 'postgres'),
    ['-D', place.data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' }, stdio: ['ignore', log.fd, log.fd], ...place.user },
  )
  await log.close()
  const at = (database: string, name: string, secret: string) =>
    `postgres://${name}:${secret}@127.0.0.1:${port}/${database}`
  const admin = (database: string, ...statements: readonly string[]) =>
    asked(at(database, superuser, password), statements)
  await until('the server answers', () =>
    admin('postgres', 'select').then(
      () => true,
      () => undefined,
    ),
  )
  await admin(
    'postgres',
    `create role ${account.name} login createdb password '${account.password}'`,
    `grant pg_signal_backend to ${account.name}`,
  )
  return {
    port,
    url: (database) => at(database, account.name, account.password),
    admin,
    stop: () => ended(child),
  }
}

/** The result of the last statement. */
async function asked(url: string, statements: readonly string[]): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    let last: pg.QueryResult | undefined
    for (const statement of statements) last = await client.query(statement)
    if (last === undefined) throw new Error('nothing was asked')
    return last
  } finally {
    await client.end()
  }
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGINT')
  await exit
}
