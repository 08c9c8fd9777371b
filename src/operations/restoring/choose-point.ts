import type { RestorePoint } from '../../backups/types.ts'
import { isFit, ordinary } from './points.ts'

export type Chosen =
  | { readonly kind: 'point'; readonly point: RestorePoint }
  | { readonly kind: 'none'; readonly reason: string; readonly detail?: Record<string, unknown> }

/** The one that was named, even if it looks bad (it is refused with its reason), or the newest that does not. */
export function choosePoint(wanted: string | undefined, points: readonly RestorePoint[]): Chosen {
  // What the bot itself took of a damaged database is never what "the newest" means.
  const usual = ordinary(points).filter(isFit)
  if (wanted === undefined) {
    const [newest] = usual
    return newest === undefined ? { kind: 'none', reason: 'no_points' } : { kind: 'point', point: newest }
  }
  const [point, ...more] = points.filter(({ id, name }) => id === wanted || name === wanted)
  if (point === undefined || more.length > 0)
    return { kind: 'none', reason: 'no_such_point', detail: { available: usual.map(({ id }) => id) } }
  if (point.problem !== undefined)
    return { kind: 'none', reason: 'bad_backup', detail: { why: point.problem.reason, says: point.problem.detail } }
  return { kind: 'point', point }
}
