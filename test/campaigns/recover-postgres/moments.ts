import type { Point } from '../../scenarios/support/stops.ts'

export type Victim = 'bot' | 'pg_restore' | 'backend' | 'server'

/** When to strike: so long after the run began (pg_restore: after it was first seen), or where something was done and is not yet written down. */
export type Moment = {
  readonly victim: Victim
  readonly when: { readonly afterMs: number } | { readonly at: Point }
  /** Which of several processes: from 0 to 1. */
  readonly pick: number
}

/** A run that nobody disturbed: how long it took, how long pg_restore was at work, and what can be stopped at. */
export type Calm = {
  readonly ms: number
  readonly restoringMs: number
  readonly points: readonly Point[]
}

/** mulberry32 */
export function randomFrom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const victims: readonly Victim[] = ['bot', 'server', 'backend', 'pg_restore']

/**
 * So many moments: victims take turns, and the moments of each are spread over the whole length of a run. Every third of the bot,
 * the backend and the server is at a border between doing and writing down; pg_restore is struck while it works.
 */
export function momentsOf(count: number, calm: Calm, random: () => number): readonly Moment[] {
  const each = Math.ceil(count / victims.length)
  return Array.from({ length: count }, (_, index) => {
    const victim = victims[index % victims.length] ?? 'bot'
    const turn = Math.floor(index / victims.length)
    const share = (turn + random()) / each
    const pick = random()
    const border = calm.points[Math.floor(random() * calm.points.length)]
    if (victim === 'pg_restore') {
      return { victim, pick, when: { afterMs: share * 0.7 * calm.restoringMs } }
    }
    if (turn % 3 === 2 && border !== undefined) return { victim, pick, when: { at: border } }
    return { victim, pick, when: { afterMs: share * calm.ms } }
  })
}

export const shown = ({ victim, when }: Moment): string =>
  `${victim} ${'at' in when ? `at "${when.at}"` : `after ${Math.round(when.afterMs)} ms`}`
