import { hasRole, type Person, peopleWith } from '../catalog/people.ts'
import type { Role } from '../catalog/schema.ts'
import { showRun } from '../delivery/enqueue.ts'
import { appendAudit } from '../store/audit.ts'
import { transaction } from '../store/db.ts'
import { getRun, requestStop } from '../store/runs.ts'
import type { Actor, RunId, RunRow } from '../store/types.ts'
import { cancel } from './decide.ts'
import type { Desk } from './desk.ts'
import { mayStart } from './policy.ts'

export type Stopped =
  /** It ends before its next step; what it has done so far stays, and the outcome tells what that is. */
  | { readonly kind: 'stopping'; readonly run: RunRow; readonly again: boolean }
  /** It had not begun: nothing was changed. */
  | { readonly kind: 'cancelled'; readonly run: RunRow }
  | { readonly kind: 'unknown_run' }
  | { readonly kind: 'too_late'; readonly run: RunRow }
  | { readonly kind: 'denied'; readonly needed: Role; readonly who: readonly string[] }

/** Asks a run to stop. Cooperative: a step that has begun is never cut in the middle. */
export async function stopRun(desk: Desk, id: RunId, person: Person, actor: Actor): Promise<Stopped> {
  const { db, catalog } = desk.services
  const run = await getRun(db, id)
  if (run === undefined) return { kind: 'unknown_run' }
  if (run.state === 'ended') return { kind: 'too_late', run }
  if (!hasRole(person.role, mayStart)) return { kind: 'denied', needed: mayStart, who: peopleWith(catalog, mayStart) }
  if (run.state === 'planning' || run.state === 'waiting') {
    const cancelled = await cancel(desk, { run: id, person, actor })
    if (cancelled.kind === 'cancelled') return { kind: 'cancelled', run: cancelled.run }
  }
  const asked = await transaction(db, async (tx) => {
    const result = await requestStop(tx, id, actor)
    if (result.kind === 'asked') {
      await appendAudit(tx, { kind: 'stop', runId: id, actor, data: {} })
      await showRun(tx, id)
    }
    return result
  })
  const now = (await getRun(db, id)) ?? run
  if (now.state === 'ended') return { kind: 'too_late', run: now }
  return { kind: 'stopping', run: now, again: asked.kind !== 'asked' }
}
