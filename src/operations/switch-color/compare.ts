import type { Colors } from '../../catalog/colors.ts'
import { isAway, KubernetesError } from '../../services/kubernetes/api/errors.ts'
import { type RawObject, textAt } from '../../services/kubernetes/api/json.ts'
import { pause } from '../../services/kubernetes/api/pause.ts'
import type { ClusterClient } from '../../services/kubernetes/api/types.ts'
import { livePods, readPods } from '../../services/kubernetes/pods/pods.ts'
import { writersOf } from '../../services/kubernetes/workload/managed-fields.ts'
import { imagesOf } from '../../services/kubernetes/workload/revisions.ts'
import { templateKey } from '../../services/kubernetes/workload/template-equality.ts'
import { readWorkload } from '../../services/kubernetes/workload/workload.ts'
import { refusedBy, type Unchanged } from '../unchanged.ts'
import type { Pace } from './pace.ts'
import { leadsTo, readRoute, sameWay, seenOf } from './route.ts'
import type { Side, SwitchPlan } from './types.ts'

/** Something that is not as people saw it: what, from what to what, who by the server's record, and when. */
export type Moved = {
  readonly field: 'recreated' | 'route' | 'target' | 'readiness'
  readonly before: string
  readonly after: string
  readonly by: string | undefined
  readonly at: string | undefined
}

export type Compared = { readonly kind: 'same' } | Unchanged<Moved>

export type Place = { readonly client: ClusterClient; readonly colors: Colors; readonly pace: Pace }

/** One round of calls: do the route and the colour that people chose still look as they saw them? */
export async function compareWithPlan({ client, colors, pace }: Place, plan: SwitchPlan): Promise<Compared> {
  const deadline = Date.now() + pace.awayMs
  for (;;) {
    try {
      const [raw, target] = await Promise.all([readRoute(client, plan.route), targetMoved(client, plan.to)])
      if (isSwitched(raw, plan, colors)) return { kind: 'already_there' }
      const moved = [...routeMoved(raw, plan, colors), ...target]
      return moved.length === 0 ? { kind: 'same' } : { kind: 'moved', moved }
    } catch (error) {
      if (!(error instanceof KubernetesError)) throw error
      if (!isAway(error)) return refusedBy(error)
      if (Date.now() >= deadline) return { kind: 'away', message: error.message, sent: false }
      await pause(pace.pollMs)
    }
  }
}

/** It leads to the colour that people chose, and nothing else about it has changed. Pure. */
export function isSwitched(raw: RawObject, plan: SwitchPlan, colors: Colors): boolean {
  return textAt(raw, 'metadata', 'uid') === plan.uid && sameWay(seenOf(raw, colors), plan.after)
}

/** It leads where it did when the plan was made. Pure. */
export function isAsBefore(raw: RawObject, plan: SwitchPlan, colors: Colors): boolean {
  return textAt(raw, 'metadata', 'uid') === plan.uid && sameWay(seenOf(raw, colors), plan.seen)
}

/** @param wanted what it should be: as people saw it, unless told. Pure. */
export function routeMoved(raw: RawObject, plan: SwitchPlan, colors: Colors, wanted = plan.seen): readonly Moved[] {
  const uid = textAt(raw, 'metadata', 'uid') ?? ''
  if (uid !== plan.uid) return [{ field: 'recreated', before: plan.uid, after: uid, by: undefined, at: undefined }]
  const seen = seenOf(raw, colors)
  if (sameWay(seen, wanted)) return []
  const writer = writerOf(raw, plan)
  const after = leadsTo(seen, colors).join(', ')
  return [{ field: 'route', before: leadsTo(wanted, colors).join(', '), after, by: writer?.manager, at: writer?.at }]
}

export function writerOf(raw: RawObject, { route }: SwitchPlan) {
  return writersOf(raw, 'spec', route.kind === 'service' ? 'selector' : 'rules')[0]
}

async function targetMoved(client: ClusterClient, to: Side): Promise<readonly Moved[]> {
  const workload = await readWorkload(client, to.workload)
  const writer = writersOf(workload.raw, 'spec', 'template')[0]
  const told = { by: writer?.manager, at: writer?.at }
  if (workload.uid !== to.uid) return [{ field: 'recreated', before: to.uid, after: workload.uid, ...told }]
  if (templateKey(workload.template) !== to.templateKey)
    return [{ field: 'target', before: to.images.join(', '), after: imagesOf(workload.template).join(', '), ...told }]
  const ready = livePods(await readPods(client, workload)).filter((pod) => pod.ready).length
  if (ready >= to.ready) return []
  return [{ field: 'readiness', before: String(to.ready), after: String(ready), by: undefined, at: undefined }]
}
