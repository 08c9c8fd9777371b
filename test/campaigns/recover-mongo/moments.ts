import type { Point } from '../../scenarios/support/stops.ts'

export type Victim = 'bot' | 'server' | 'mongorestore'

/** When somebody is killed: held at a point of the run, or so many milliseconds after the request or the click. */
export type Moment = {
  readonly victim: Victim
  readonly phase: 'preparing' | 'executing'
  readonly at: Point | number
}

const preparing: readonly Point[] = [
  'result of checkBackup',
  'progress of restoreBeside',
  'result of restoreBeside',
  'result of buildIndexes',
  'result of proveCopy',
  'result of previewLoss',
]
const executing: readonly Point[] = [
  'result of compareWithPlan',
  'result of previewLossAgain',
  'act of swap',
  'end of act swap',
  'result of swap',
  'result of keepOld',
  'result of verify',
  'outcome',
]

/** Half of them are kills of the bot where it hurts most, the others of anybody at any time. */
export function momentsOf(count: number, random: (limit: number) => number): readonly Moment[] {
  const pick = <T>(from: readonly T[]): T => {
    const one = from[random(from.length)]
    if (one === undefined) throw new Error('nothing to pick from')
    return one
  }
  return Array.from({ length: count }, (_, index): Moment => {
    const phase = index % 4 < 2 ? 'executing' : 'preparing'
    if (index % 2 === 0) return { victim: 'bot', phase, at: pick(phase === 'preparing' ? preparing : executing) }
    const victim =
      phase === 'preparing' ? pick<Victim>(['bot', 'server', 'mongorestore']) : pick<Victim>(['bot', 'server'])
    return { victim, phase, at: random(phase === 'preparing' ? 3_000 : 1_500) }
  })
}

export const shown = ({ victim, phase, at }: Moment): string =>
  `${victim} while ${phase}, ${typeof at === 'number' ? `after ${at} ms` : `at "${at}"`}`
