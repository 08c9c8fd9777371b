import { spawn } from 'node:child_process'
import { accessSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Drawn, draw } from './draw.ts'

const root = resolve(import.meta.dirname, '../../..')
export const program = join(root, 'src/cli.ts')

export type Environment = Readonly<Record<string, string>>
export type Ran = {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

type How = {
  /** What happens when this text has been written, to either stream. */
  readonly when?: { readonly says: RegExp; readonly act: (child: Child) => void | Promise<void> }
}
export type Child = { kill(signal: NodeJS.Signals): void; closeStdout(): void }

const longestMs = 100_000

/** Runs the terminal program as a pipeline does: no terminal anywhere. */
export function rescue(env: Environment, args: readonly string[], how: How = {}): Promise<Ran> {
  const child = spawn(process.execPath, [program, ...args], { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  let { when } = how
  const told = () => {
    if (when?.says.test(stdout + stderr) !== true) return
    const { act } = when
    when = undefined
    void act({ kill: (signal) => void child.kill(signal), closeStdout: () => void child.stdout.destroy() })
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    told()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    told()
  })
  const late = setTimeout(() => child.kill('SIGKILL'), longestMs)
  return new Promise((done) =>
    child.once('close', (code, signal) => {
      clearTimeout(late)
      done({ code, signal, stdout, stderr })
    }),
  )
}

/** `script` gives a program a real terminal; it belongs to Linux systems. */
export const hasTerminal = ((): boolean => {
  try {
    accessSync('/usr/bin/script')
    return process.platform === 'linux'
  } catch {
    return false
  }
})()

export type Typed = { readonly after: RegExp; readonly keys: string }
export type Seen = { readonly code: number | null; readonly raw: string; readonly screen: Drawn }

/** Runs it on a terminal of this size, where a person types each thing when its text has come. */
export function onTerminal(
  env: Environment,
  args: readonly string[],
  { columns = 80, rows = 24, typing = [] }: { columns?: number; rows?: number; typing?: readonly Typed[] } = {},
): Promise<Seen> {
  // Nothing of the test is in the text of the command: it comes by the environment.
  const command = 'stty cols "$T_COLUMNS" rows "$T_ROWS"; exec "$T_NODE" "$T_PROGRAM" $T_ARGS'
  const child = spawn('/usr/bin/script', ['-qefc', command, '/dev/null'], {
    env: {
      TERM: 'xterm-256color',
      ...env,
      T_COLUMNS: String(columns),
      T_ROWS: String(rows),
      T_NODE: process.execPath,
      T_PROGRAM: program,
      T_ARGS: args.join(' '),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let raw = ''
  let from = 0
  const left = [...typing]
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    raw += text
    const next = left[0]
    if (next === undefined || !next.after.test(raw.slice(from))) return
    left.shift()
    from = raw.length
    child.stdin.write(next.keys)
  })
  const late = setTimeout(() => child.kill('SIGKILL'), longestMs)
  return new Promise((done) =>
    child.once('close', (code) => {
      clearTimeout(late)
      done({ code, raw, screen: draw(raw, columns) })
    }),
  )
}
