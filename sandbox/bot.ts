import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export type Bot = {
  /** The process that runs now; it changes when the bot is started again after a crash. */
  pid(): number
  readonly health: string
  /** Ends the process at once, as a crash does; the supervisor starts it again. */
  kill(): void
  stop(): Promise<void>
}

export type BotOptions = {
  readonly environment: Readonly<Record<string, string>>
  readonly metricsPort: number
  /** Lines of the bot's log. */
  readonly onLog: (line: string) => void
}

const main = fileURLToPath(new URL('../bin/bot.mjs', import.meta.url))

/** Runs the bot as its own process, and again when it dies, as a Deployment of one replica would. */
export async function startBot(options: BotOptions): Promise<Bot> {
  let stopping = false
  let child: ChildProcess
  const run = (): void => {
    child = spawn(process.execPath, ['--max-semi-space-size=2', '--optimize-for-size', main], {
      env: { ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => lines(text, options.onLog))
    child.once('exit', (code, signal) => {
      if (stopping) return
      options.onLog(`the bot ended (${signal ?? `exit ${code}`}); starting it again`)
      setTimeout(() => stopping || run(), 500)
    })
  }
  run()
  const health = `http://127.0.0.1:${options.metricsPort}/healthz`
  await untilReady(`http://127.0.0.1:${options.metricsPort}/readyz`, () => child.exitCode)
  return {
    pid: () => child.pid ?? 0,
    health,
    kill: () => void child.kill('SIGKILL'),
    stop: async () => {
      stopping = true
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      const force = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await ended
      clearTimeout(force)
    },
  }
}

function lines(text: string, onLog: (line: string) => void): void {
  for (const line of text.split('\n')) if (line.trim() !== '') onLog(line)
}

/** @throws Error when the bot ends with a fault of its configuration, or is not ready after 60 s. */
async function untilReady(url: string, exitCode: () => number | null): Promise<void> {
  const deadline = Date.now() + 60_000
  while (Date.now() < deadline) {
    if (exitCode() === 2) throw new Error('the bot refused its configuration; its log tells why')
    const ready = await fetch(url, { signal: AbortSignal.timeout(1000) }).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ready) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the bot was not ready after 60 s; its log tells why')
}
