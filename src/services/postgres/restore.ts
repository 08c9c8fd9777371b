import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { childEnvironment } from './address.ts'
import { withClient } from './client.ts'

export type RestoreRequest = {
  /** With pg_restore and psql, of the server's version or newer. */
  readonly programs: string
  readonly url: string
  /** The empty database that is filled; never the live one. */
  readonly shadow: string
  /** An archive or a folder that pg_restore reads, or a script of pg_dump. */
  readonly path: string
  readonly form: 'archive' | 'script'
  readonly jobs: number
  /** COPY bytes by `table`, and how many other objects there are: what 100 % is. */
  readonly tables: readonly { readonly name: string; readonly bytes: number }[]
  readonly objects: number
  /** A file with numbers of the parts that are restored; absent: all of it. */
  readonly list?: string
  /** All or nothing, in one transaction and one session: for a database that is in use. */
  readonly atOnce?: boolean
  /** How its sessions are called on the server; `rescue` unless told. */
  readonly session?: string
  readonly timeLimitMs: number
  readonly signal: AbortSignal
  onProgress(progress: RestoreProgress): void
}

export type RestoreProgress = { readonly percent: number; readonly bytes: number; readonly doing: string | undefined }

export type RestoreEnd =
  | { readonly kind: 'done'; readonly seconds: number }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'stopped' | 'timed_out' }

/** Building an index or checking a key takes about this share of the table's bytes (measured). */
const objectShare = 0.35
const pollMs = 400

/**
 * Fills a shadow with pg_restore, several tables at a time, or with psql where the backup is a script. Anything but a clean end is a failure: pg_restore's 1 means
 * "errors ignored". The password goes by environment, and the whole group of processes ends with it.
 * @throws Error when the program cannot be started
 */
export async function restoreInto(request: RestoreRequest): Promise<RestoreEnd> {
  const started = performance.now()
  const [program, args] = commandOf(request)
  const options = [
    'maintenance_work_mem=256MB',
    'statement_timeout=0',
    // In a database that is in use nobody is queued behind this for long, and what is done is on the disk.
    ...(request.atOnce === true ? ['lock_timeout=10s'] : ['synchronous_commit=off', 'lock_timeout=0']),
  ]
  const child = spawn(join(request.programs, program), args, {
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      ...childEnvironment(request.url, options),
      PGAPPNAME: request.session ?? 'rescue',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? -1))
  })
  ended.catch(() => undefined)
  const counter = countItems(request)
  const errors: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    counter.read(line)
    if (/error:|FATAL|ERROR|DETAIL|Command was/.test(line) && errors.length < 20) errors.push(line.slice(0, 300))
  })
  const limit = AbortSignal.timeout(request.timeLimitMs)
  const cut = AbortSignal.any([limit, request.signal])
  const kill = () => killGroup(child.pid)
  cut.addEventListener('abort', kill, { once: true })
  if (cut.aborted) kill()
  const watching = new AbortController()
  const watched = watch(request, counter, watching.signal)
  try {
    const code = await ended
    if (request.signal.aborted) return { kind: 'stopped' }
    if (limit.aborted) return { kind: 'timed_out' }
    if (code !== 0) return { kind: 'failed', why: whyOf(errors, code) }
    return { kind: 'done', seconds: (performance.now() - started) / 1000 }
  } finally {
    cut.removeEventListener('abort', kill)
    watching.abort()
    await watched
  }
}

function commandOf({
  form,
  shadow,
  path,
  jobs,
  list,
  atOnce,
}: RestoreRequest): readonly ['psql' | 'pg_restore', readonly string[]] {
  const target = [`--dbname=${shadow}`, '--no-password']
  // Without ON_ERROR_STOP psql goes on after an error and ends with 0.
  if (form === 'script')
    return ['psql', [...target, '--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', `--file=${path}`]]
  const parts = list === undefined ? [] : [`--use-list=${list}`]
  const how = atOnce === true ? ['--single-transaction'] : [`--jobs=${jobs}`]
  return ['pg_restore', [...target, '--exit-on-error', '--no-subscriptions', '--verbose', ...parts, ...how, path]]
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

function whyOf(errors: readonly string[], code: number): string {
  const first = errors.find((line) => line.includes('ERROR:') || line.includes('FATAL:')) ?? errors[0]
  return (first ?? `exit ${code}`).replace(/^pg_restore: |^psql:\S+ /, '').slice(0, 300)
}

type Counter = { read(line: string): void; progress(inFlight: number): RestoreProgress }

/** From pg_restore's own lines: which objects are finished, and which table's data is under way. Never goes back. */
function countItems({ tables, objects }: RestoreRequest): Counter {
  const bytesOf = new Map(tables.map((table) => [table.name, table.bytes]))
  const data = tables.reduce((sum, table) => sum + table.bytes, 0)
  const total = data * (1 + objectShare) + 1
  let [done, finished, best] = [0, 0, 0]
  let doing: string | undefined
  return {
    read(line) {
      const item = /(launching|finished) item \d+ (TABLE DATA|[A-Z ]+?) (\S.*)$/.exec(line)
      if (item === null) return
      const [, state, kind, name] = item
      if (state === 'launching') doing = name
      else if (kind === 'TABLE DATA') done += bytesOf.get(name ?? '') ?? 0
      else finished++
    },
    progress(inFlight) {
      const bytes = Math.min(data, done + inFlight)
      const rest = objects === 0 ? 0 : Math.min(1, finished / objects) * data * objectShare
      best = Math.max(best, Math.min(99, Math.floor((100 * (bytes + rest)) / total)))
      return { percent: best, bytes, doing }
    },
  }
}

/** The server's counters tell how far each COPY is. */
async function watch(request: RestoreRequest, counter: Counter, signal: AbortSignal): Promise<void> {
  const look = () =>
    withClient(request.url, { database: request.shadow, statementMs: 2_000, signal }, async (client) => {
      while (!signal.aborted) {
        const { rows } = await client.query<{ bytes: string }>(
          'select coalesce(sum(bytes_processed), 0) as bytes from pg_stat_progress_copy where datname = $1',
          [request.shadow],
        )
        request.onProgress(counter.progress(Number(rows[0]?.bytes ?? 0)))
        await sleep(pollMs, undefined, { signal })
      }
    })
  while (!signal.aborted) {
    await look().catch(() => undefined)
    await sleep(pollMs, undefined, { signal }).catch(() => undefined)
  }
}
