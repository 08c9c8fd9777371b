import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { pino } from 'pino'
import { stringify } from 'yaml'
import { people } from '../../../sandbox/people.ts'
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts'
import { childEnvironment } from '../../../src/services/postgres/address.ts'
import { findTools } from '../../../src/services/postgres/tools.ts'
import { type Db, openDb } from '../../../src/store/db.ts'
import { type Bouncer, startBouncer } from './bouncer.ts'
import { fill } from './data.ts'
import { type BigServer, startBigServer } from './server.ts'

const run = promisify(execFile)

/** The sandbox with the bot as a process, and beside it a database of some size with its backup. */
export type DatabaseWorld = {
  readonly sandbox: Sandbox
  /** The bot's own store. */
  readonly db: Db
  readonly server: BigServer
  readonly bouncer: Bouncer | undefined
  readonly archive: string
  readonly megabytes: number
  readonly archiveMegabytes: number
  /** Runs one of PostgreSQL's programs against a database, with nothing but an argument list. */
  tool(name: 'pg_dump' | 'pg_restore', database: string, ...args: readonly string[]): Promise<void>
  stop(): Promise<void>
}

export const database = 'big'

export async function startDatabaseWorld(rows: number): Promise<DatabaseWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-bench-databases-'))
  // So that the user of the databases can reach its part.
  await chmod(folder, 0o711)
  const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })]
  const opened = async <T extends { stop(): Promise<unknown> } | undefined>(starting: Promise<T>): Promise<T> => {
    const thing = await starting
    if (thing !== undefined) closers.unshift(() => thing.stop())
    return thing
  }
  const stop = async () => {
    for (const close of closers.splice(0)) await close()
  }
  try {
    const server = await opened(startBigServer(join(folder, 'server')))
    const megabytes = await fill(server, database, rows)
    const backups = join(folder, 'backups')
    await mkdir(backups)
    const archive = join(backups, 'nightly.dump')
    const tool = await toolsFor(server)
    await tool('pg_dump', database, '--format=custom', `--file=${archive}`)
    const sum = createHash('sha256')
      .update(await readFile(archive))
      .digest('hex')
    await writeFile(`${archive}.sha256`, `${sum}  nightly.dump\n`)
    const bouncer = await opened(startBouncer(join(folder, 'pgbouncer'), server))
    const sandbox = await opened(startOwnSandbox(folder, server, bouncer, backups))
    const db = openDb(sandbox.facts.store, { log: pino({ level: 'silent' }), max: 2 })
    closers.unshift(() => db.close())
    const archiveMegabytes = (await stat(archive)).size / 1e6
    return { sandbox, db, server, bouncer, archive, megabytes, archiveMegabytes, tool, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function toolsFor(server: BigServer): Promise<DatabaseWorld['tool']> {
  const tools = await findTools(15)
  if (tools === undefined)
    throw new Error('pg_dump and pg_restore are missing: bash scripts/install-parts.sh brings them')
  return async (name, base, ...args) => {
    await run(join(tools.folder, name), ['--no-password', ...args, ...(name === 'pg_dump' ? [base] : [])], {
      env: { PATH: '/usr/bin:/bin', ...childEnvironment(server.url(base)) },
      maxBuffer: 64 * 1024 * 1024,
    })
  }
}

async function startOwnSandbox(folder: string, server: BigServer, bouncer: Bouncer | undefined, backups: string) {
  const catalog = join(folder, 'bench.yml')
  const own = join(folder, 'sandbox')
  await mkdir(own, { mode: 0o711 })
  const options = {
    port: 0,
    folder: own,
    automatic: false,
    environment: {
      RESCUE_CATALOG: catalog,
      BIG_URL: server.url(database),
      POOL_URL: `${bouncer?.url ?? ''}/pgbouncer`,
      LOG_LEVEL: 'warn',
    },
    onLog: (line: string) => process.stderr.write(`${line}\n`),
  }
  await writeFile(catalog, catalogOf(bouncer, backups))
  return startSandbox(options)
}

function catalogOf(bouncer: Bouncer | undefined, backups: string): string {
  return stringify({
    version: 1,
    people: Object.fromEntries(people.map(({ name, slack, role }) => [name, { slack, role, login: name }])),
    channels: { operations: 'C0OPS' },
    clusters: {},
    apps: {},
    databases: {
      [database]: {
        engine: 'postgres',
        url: { env: 'BIG_URL' },
        backups: { places: { nightly: { kind: 'folder', path: backups } } },
        restore: bouncer === undefined ? {} : { pgbouncer: { url: { env: 'POOL_URL' }, database } },
      },
    },
  })
}
