import type { Language } from '../../catalog/schema.ts'
import { readTerminal } from '../../config/terminal.ts'
import { type Interrupt, listenForSignals } from './interrupt.ts'
import { type Screen, screenOf } from './screen.ts'

/** The streams and wishes of whoever called the program. */
export type Io = {
  readonly out: Screen
  readonly err: Screen
  /** Somebody can be asked: both ends are a terminal. */
  readonly asks: boolean
  /** stdout belongs to a program: one object, and nothing else there. */
  readonly json: boolean
  readonly interrupt: Interrupt
  /** Undefined: the catalog's. */
  readonly language: Language | undefined
  readonly catalogPath: string
}

export function makeIo(args: readonly string[]): Io {
  const { language, dumb, catalog } = readTerminal()
  const [out, err] = [screenOf(process.stdout, dumb), screenOf(process.stderr, dumb)]
  return {
    out,
    err,
    asks: process.stdin.isTTY === true && err.tty,
    json: args.includes('--json'),
    interrupt: listenForSignals(),
    language,
    catalogPath: catalog,
  }
}

/** Where progress and questions go: stdout is kept for the answer where a program reads it. */
export const progressScreen = (io: Io): Screen => (io.json ? io.err : io.out)
