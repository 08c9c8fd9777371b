import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { arrived, commandOf, type Feed, whyOf } from './restore-command.ts'

export type RestoreRequest = {
  /** With mongorestore. */
  readonly programs: string
  /** File with the address, see `withToolSettings`. */
  readonly settings: string
  readonly feeds: readonly Feed[]
  readonly timeLimitMs: number
  readonly signal: AbortSignal
  onProgress(progress: { readonly percent: number; readonly bytes: number }): void
}

export type RestoreEnd =
  | { readonly kind: 'done'; readonly seconds: number }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'stopped' | 'timed_out' }

/**
 * Fills collections beside from a backup with mongorestore, fed by this process: if the bot dies, its input ends and so does
 * it. Exit code and last line are held against what the backup holds; mongorestore returns 0 also when it restored nothing.
 * @throws Error when the program cannot be started or the backup cannot be read
 */
export async function restoreInto(request: RestoreRequest): Promise<RestoreEnd> {
  const started = performance.now()
  const deadline = Date.now() + request.timeLimitMs
  const total = request.feeds.reduce((sum, { bytes }) => sum + bytes, 0)
  let before = 0
  for (const feed of request.feeds) {
    const end = await restoreOne(request, feed, deadline - Date.now(), (bytes) =>
      request.onProgress({ percent: percentOf(before + bytes, total), bytes: before + bytes }),
    )
    if (end !== undefined) return end
    before += feed.bytes
  }
  return { kind: 'done', seconds: (performance.now() - started) / 1000 }
}

/** The last per cent is the tool's end. */
const percentOf = (bytes: number, total: number): number => Math.min(99, Math.floor((100 * bytes) / Math.max(1, total)))

async function restoreOne(
  request: RestoreRequest,
  feed: Feed,
  limitMs: number,
  onBytes: (bytes: number) => void,
): Promise<Exclude<RestoreEnd, { kind: 'done' }> | undefined> {
  if (limitMs <= 0) return { kind: 'timed_out' }
  const [file, args] = commandOf(request, feed.target, limitMs)
  const child = spawn(file, args, {
    cwd: '/',
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' },
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  })
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? -1))
  })
  ended.catch(() => undefined)
  const said: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line.replace(/^\S+\t/, '').slice(0, 400))
    if (said.length > 30) said.shift()
  })
  const limit = AbortSignal.timeout(Math.min(limitMs, 2 ** 31 - 1))
  const cut = AbortSignal.any([limit, request.signal])
  const kill = () => killGroup(child.pid)
  cut.addEventListener('abort', kill, { once: true })
  if (cut.aborted) kill()
  const feeding = pipeline(feed.open(), counting(onBytes), child.stdin).catch((error: unknown) => error)
  try {
    const code = await ended
    const broken = await feeding
    if (request.signal.aborted) return { kind: 'stopped' }
    if (limit.aborted) return { kind: 'timed_out' }
    if (code === 0 && broken === undefined && arrived(said.at(-1), feed.documents)) return undefined
    if (isRead(broken)) throw broken
    return { kind: 'failed', why: whyOf(said, code, feed.documents) }
  } finally {
    cut.removeEventListener('abort', kill)
    kill()
  }
}

function counting(onBytes: (bytes: number) => void): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      onBytes(bytes)
      done(null, chunk)
    },
  })
}

/** Of the backup's file, not of the pipe that a dead child leaves. */
function isRead(error: unknown): boolean {
  return error instanceof Error && 'code' in error && !/^(EPIPE|ERR_STREAM|ECONNRESET)/.test(String(error.code))
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}
