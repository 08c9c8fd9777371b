import type { RunId } from '../store/types.ts'
import { readRunId } from '../surface/run-id.ts'
import { exitCodes, notBegun } from './exit.ts'
import type { Session } from './types.ts'

/** @throws Exit with 2 for a word that is no run */
export function runIdOf(session: Session, word: string): RunId {
  const id = readRunId(word)
  if (id === undefined)
    throw notBegun(exitCodes.badInput, 'bad_run', session.words.badRun(word), { field: 'run', value: word })
  return id
}
