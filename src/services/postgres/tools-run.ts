import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Readable } from 'node:stream'

export type ToolOptions = {
  /** After this long it is killed with everything that it started, whether this process still lives or not. */
  readonly limitMs: number
  readonly signal?: AbortSignal | undefined
  /** Added to PATH and LC_ALL, which is all that it gets otherwise: never the bot's own secrets. */
  readonly environment?: Readonly<Record<string, string>>
}

export type ToolEnd =
  | { readonly kind: 'ended'; readonly code: number; readonly complaints: string }
  | { readonly kind: 'time_limit' }
  | { readonly kind: 'stopped' }

const keptBytes = 8 * 1024
/** Ends the group also when the bot itself was killed; there on every Linux. */
const guard = ['/usr/bin/timeout', '/bin/timeout'].find((path) => existsSync(path))

/**
 * Runs a program with an argument list, in a group of its own, and hands its output on as it comes.
 * @param consume reads the output to its end; what it throws kills the program and is thrown on
 * @throws the consumer's error; Error where the program cannot be started
 */
export async function runTool(
  program: string,
  args: readonly string[],
  options: ToolOptions,
  consume: (output: Readable) => Promise<void>,
): Promise<ToolEnd> {
  const limit = AbortSignal.timeout(options.limitMs)
  const cut = options.signal === undefined ? limit : AbortSignal.any([limit, options.signal])
  const seconds = Math.ceil(options.limitMs / 1000) + 5
  const [file, all] = guard === undefined ? [program, args] : [guard, ['-s', 'KILL', String(seconds), program, ...args]]
  const child = spawn(file, all, {
    cwd: '/',
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? -1))
  })
  ended.catch(() => undefined)
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => {
    if (complaints.length < keptBytes) complaints += chunk.toString('utf8')
  })
  const kill = () => killGroup(child.pid)
  cut.addEventListener('abort', kill, { once: true })
  if (cut.aborted) kill()
  try {
    await consume(child.stdout).catch((error: unknown) => {
      // What a killed program left unsaid is no finding.
      if (!cut.aborted) throw error
    })
    const code = await ended
    if (options.signal?.aborted === true) return { kind: 'stopped' }
    if (limit.aborted) return { kind: 'time_limit' }
    return { kind: 'ended', code, complaints: complaints.trim() }
  } finally {
    cut.removeEventListener('abort', kill)
    kill()
    child.stdout.destroy()
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}
