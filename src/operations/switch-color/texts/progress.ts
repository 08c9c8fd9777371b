import type { StepRow } from '../../../store/types.ts'
import { numberIn, textIn } from '../../../texts/data.ts'
import type { Look } from '../../../texts/language.ts'
import { textsFor } from './pieces.ts'
import { checksIn } from './read.ts'

/** "2 endpoints ready · web: 200 · 4 of 10 s". */
export function progressOf(step: StepRow, look: Look): string | undefined {
  const words = textsFor(look)
  const { progress } = step
  const ready = numberIn(progress, 'ready')
  const seconds = numberIn(progress, 'seconds')
  const failures = numberIn(progress, 'failures') ?? 0
  const told = [
    textIn(progress, 'waitingFor') === 'cluster_away' ? words.clusterAway : undefined,
    ready === undefined ? undefined : words.endpoints(ready, numberIn(progress, 'old') ?? 0),
    ...checksIn(progress['checks']).map(({ name, ok, status, reason }) => {
      const answer = status === undefined ? (reason ?? words.noAnswer) : String(status)
      return ok ? words.passes(name, answer) : words.fails(name, answer)
    }),
    seconds === undefined ? undefined : words.watched(seconds, numberIn(progress, 'of') ?? seconds),
    failures === 0 ? undefined : words.failures(failures, numberIn(progress, 'allowed') ?? failures),
  ].filter((piece) => piece !== undefined)
  return told.length === 0 ? undefined : told.join(' · ')
}
