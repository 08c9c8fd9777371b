import { type Writer, writersOf } from '../../services/kubernetes/workload/managed-fields.ts'
import { diffTemplates } from '../../services/kubernetes/workload/template-diff.ts'
import { sameTemplate } from '../../services/kubernetes/workload/template-equality.ts'
import type { Workload } from '../../services/kubernetes/workload/workload.ts'
import type { Change } from '../plan-view.ts'
import type { RollbackPlan } from './types.ts'

/** Something that is not as people saw it: what, from what to what, who by the server's record, and when. */
export type Moved = {
  readonly field: 'recreated' | 'template' | 'paused' | 'replicas' | 'annotations'
  readonly before: string | undefined
  readonly after: string | undefined
  readonly by: string | undefined
  readonly at: string | undefined
  readonly changes: readonly Change[]
}

/** Compares the workload as it is with the plan. Empty: it is what people saw. Pure. */
export function movedSince(plan: RollbackPlan, now: Workload): readonly Moved[] {
  if (now.uid !== plan.uid)
    return [moved('recreated', plan.uid, now.uid, writersOf(now.raw, 'spec', 'template').at(-1))]
  const seen = seenTemplate(plan)
  const found: Moved[] = []
  if (!sameTemplate(seen, now.template))
    found.push({
      ...moved('template', undefined, undefined, writersOf(now.raw, 'spec', 'template')[0]),
      changes: diffTemplates(seen, now.template),
    })
  if (plan.paused !== now.paused)
    found.push(moved('paused', String(plan.paused), String(now.paused), writersOf(now.raw, 'spec', 'paused')[0]))
  if (plan.replicas !== undefined && plan.replicas !== now.replicas)
    found.push(
      moved('replicas', String(plan.replicas), String(now.replicas), writersOf(now.raw, 'spec', 'replicas')[0]),
    )
  return found
}

/** Annotations that the patch tests; looked at only when it failed and nothing else has moved. */
export function movedAnnotations(plan: RollbackPlan, now: Workload): readonly Moved[] {
  return plan.patch.flatMap((operation) => {
    if (operation.op !== 'test' || !operation.path.startsWith('/metadata/annotations/')) return []
    const key = operation.path.slice('/metadata/annotations/'.length).replaceAll('~1', '/').replaceAll('~0', '~')
    if (now.annotations[key] === operation.value) return []
    const writer = writersOf(now.raw, 'metadata', 'annotations', key)[0]
    return [moved('annotations', String(operation.value), now.annotations[key], writer)]
  })
}

/** The template that people saw is the one that the patch tests for. */
export function seenTemplate(plan: RollbackPlan): unknown {
  return templateIn(plan, 'test')
}

export function targetTemplate(plan: RollbackPlan): unknown {
  return templateIn(plan, 'replace')
}

function templateIn(plan: RollbackPlan, op: 'test' | 'replace'): unknown {
  const operation = plan.patch.find((each) => each.op === op && each.path === '/spec/template')
  return operation !== undefined && 'value' in operation ? operation.value : undefined
}

export function isRestored(plan: RollbackPlan, now: Workload): boolean {
  return now.uid === plan.uid && sameTemplate(targetTemplate(plan), now.template)
}

function moved(
  field: Moved['field'],
  before: string | undefined,
  after: string | undefined,
  writer: Writer | undefined,
): Moved {
  return { field, before, after, by: writer?.manager, at: writer?.at, changes: [] }
}
