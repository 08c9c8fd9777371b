import { type ChildProcess, spawn } from 'node:child_process'
import { open, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedError } from './error.ts'
import type { Place } from './place.ts'
import { isPostgres, type PidFile, readPidFile, stateOf, untilGone } from './processes.ts'

const readyMs = 30_000
const attempts = 5
const logBytes = 4 * 1024 * 1024

/** Small, since it serves one bot or a few; durable, since it holds approvals and the audit. */
const settings = [
  'listen_addresses=127.0.0.1',
  // No socket files at all: the default would be /tmp.
  'unix_socket_directories=',
  'fsync=on',
  'shared_buffers=16MB',
  'max_connections=150',
  'work_mem=4MB',
  'maintenance_work_mem=32MB',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_wal_size=256MB',
  'max_worker_processes=2',
  'max_parallel_workers=0',
  'max_logical_replication_workers=0',
  'autovacuum_max_workers=1',
  'jit=off',
  'log_min_messages=warning',
  'log_line_prefix=%m [%p] ',
  'log_timezone=UTC',
  'timezone=UTC',
]

/** The server of this place that runs already, if one does; what a dead one left behind is cleared away. */
export async function findServer(place: Place): Promise<PidFile | undefined> {
  const found = await readPidFile(place.data)
  if (found === undefined) return undefined
  if ((await stateOf(found.pid)) === 'running' && (await isPostgres(found.pid))) return untilReady(place, found.pid)
  // PostgreSQL would take a zombie, or a stranger with the same number, for a living server, and refuse to start.
  await rm(join(place.data, 'postmaster.pid'), { force: true })
  return undefined
}

/** Which port: the last one where it is free, or, for addresses that are in use already, that one alone. */
export type PortWish = { readonly port: number | undefined; readonly only: boolean }

/**
 * Starts a server in a session of its own: neither Ctrl-C nor the end of the bot ends it.
 * @throws EmbeddedError `does_not_start` with the end of its log
 */
export async function startServer(place: Place, programs: string, wish: PortWish): Promise<PidFile> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(wish)
    const child = await spawnServer(place, programs, port)
    try {
      return await untilReady(place, child.pid ?? 0, child)
    } catch (error) {
      // Another process has started the server of this folder.
      const other = await findServer(place).catch(() => undefined)
      if (other !== undefined) return other
      // Or somebody took the port in between, or sessions of a server that died are still ending.
      if (attempt === attempts) throw error
      await sleep(200)
    }
  }
}

async function spawnServer(place: Place, programs: string, port: number): Promise<ChildProcess> {
  const { size } = await stat(place.log).catch(() => ({ size: 0 }))
  const log = await open(place.log, size > logBytes ? 'w' : 'a', 0o600)
  try {
    const child = spawn(
      join(programs, 'bin', 'postgres'),
      ['-D', place.data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
      { cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' }, stdio: ['ignore', log.fd, log.fd], detached: true, ...place.user },
    )
    child.on('error', () => undefined)
    child.unref()
    return child
  } finally {
    await log.close()
  }
}

async function untilReady(place: Place, pid: number, child?: ChildProcess): Promise<PidFile> {
  const deadline = Date.now() + readyMs
  for (;;) {
    const file = await readPidFile(place.data)
    if (file?.pid === pid && file.ready) return file
    const dead = pid === 0 || child?.exitCode != null || child?.signalCode != null || (await stateOf(pid)) !== 'running'
    if (dead || Date.now() > deadline)
      throw new EmbeddedError('does_not_start', `PostgreSQL does not start in ${place.data}: ${await endOfLog(place)}`)
    await sleep(10)
  }
}

async function endOfLog(place: Place): Promise<string> {
  const text = await readFile(place.log, 'utf8').catch(() => '')
  return text.trim().split('\n').slice(-3).join(' ') || 'it left no log'
}

/** Fast shutdown; sessions are ended, everything is written. After 10 s immediate, which the next start repairs. */
export async function stopServer(pid: number): Promise<void> {
  if ((await stateOf(pid)) !== 'running') return
  for (const [signal, waitMs] of [['SIGINT', 10_000] as const, ['SIGQUIT', 5_000] as const]) {
    process.kill(pid, signal)
    if (await untilGone(pid, waitMs)) return
  }
}

async function freePort(wish: PortWish): Promise<number> {
  if (wish.port !== undefined && (await tryPort(wish.port)) !== undefined) return wish.port
  const port = wish.only ? undefined : await tryPort(0)
  if (port === undefined)
    throw new EmbeddedError(
      'does_not_start',
      `no port of 127.0.0.1 is free${wish.only ? `: ${wish.port} is taken` : ''}`,
    )
  return port
}

async function tryPort(port: number): Promise<number | undefined> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined))
    })
  })
}
