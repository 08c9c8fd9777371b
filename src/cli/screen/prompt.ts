import { createInterface } from 'node:readline/promises'
import type { RunId } from '../../store/types.ts'
import { readRunId } from '../../surface/run-id.ts'
import type { Session } from '../types.ts'
import { textWidth } from './screen.ts'
import { wrap } from './wrap.ts'

/** How often a number that is not the run's may be typed. */
const tries = 2

/**
 * Asks a person to type the run's number; Enter, Ctrl-C, Ctrl-D and a signal say no. Without a terminal nobody is asked.
 * @param question what Enter does is said in it
 */
export async function typesNumber(session: Session, id: RunId, question: string): Promise<boolean> {
  if (!session.io.asks) return false
  const gone = new AbortController()
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  lines.once('SIGINT', () => gone.abort())
  lines.once('close', () => gone.abort())
  const signals = setInterval(() => session.io.interrupt.asked() !== undefined && gone.abort(), 100)
  try {
    for (let left = tries; left > 0; left--) {
      const again = left === tries ? '' : session.words.askAgain(id)
      const typed = (await lines.question(asked(session, again + question), { signal: gone.signal })).trim()
      if (typed === '') return false
      if (readRunId(typed) === id) return true
    }
    return false
  } catch {
    session.io.err.write('\n')
    return false
  } finally {
    clearInterval(signals)
    lines.removeAllListeners('close')
    lines.close()
  }
}

/** The line editor counts columns from the start of a line: what stands before the last line is written by itself. */
function asked(session: Session, question: string): string {
  const lines = wrap(question, textWidth(session.io.err)).split('\n')
  session.io.err.write(
    lines
      .slice(0, -1)
      .map((line) => `${line}\n`)
      .join(''),
  )
  return `${lines.at(-1)?.trimEnd() ?? ''} `
}
