import { hasStatus, isAway, KubernetesError } from '../../services/kubernetes/api/errors.ts'
import { type RawObject, recordAt } from '../../services/kubernetes/api/json.ts'
import { workloadPath } from '../../services/kubernetes/api/paths.ts'
import { pause } from '../../services/kubernetes/api/pause.ts'
import type { ClusterClient } from '../../services/kubernetes/api/types.ts'
import { writersOf } from '../../services/kubernetes/workload/managed-fields.ts'
import { templateKey } from '../../services/kubernetes/workload/template-equality.ts'
import { readWorkload, type Workload } from '../../services/kubernetes/workload/workload.ts'
import type { Fence } from '../types.ts'
import { refusedBy, type Unchanged } from '../unchanged.ts'
import { isRestored, type Moved, movedAnnotations, movedSince } from './moved.ts'
import type { Pace } from './pace.ts'
import type { RollbackPlan } from './types.ts'

/** What became of the one write; a value, also where the cluster refused it. */
export type Restored =
  | {
      readonly kind: 'restored'
      /** The server's time: conditions older than it speak of an earlier rollout. */
      readonly at: string
      /** Our own, in ms: limits of time run from here, also in a process that takes over. */
      readonly clock: number
      /** Of the template as the server stored it: an admission webhook may have touched what was sent. */
      readonly templateKey: string
    }
  | Unchanged<Moved>

/** The fenced write: one PATCH that applies to nothing but what people saw. */
export function restoreTemplate(client: ClusterClient, plan: RollbackPlan, pace: Pace): Fence<Restored> {
  return {
    intent: {
      workload: `${plan.workload.namespace}/${plan.workload.kind}/${plan.workload.name}`,
      uid: plan.uid,
      from: plan.from.source,
      to: plan.to.source,
    },
    act: () => patchUntilKnown(client, plan, pace),
    look: async () => {
      const now = await readWorkload(client, plan.workload)
      if (isRestored(plan, now)) return { kind: 'done', result: restoredFrom(now.raw) }
      if (movedSince(plan, now).every(({ field }) => field === 'replicas')) return { kind: 'not_done' }
      return { kind: 'unknown', why: 'the template is neither the one before nor the one wanted' }
    },
  }
}

/**
 * A broken connection leaves open whether the write was done: the object tells. Repeating it is safe, since its tests
 * hold only before.
 */
async function patchUntilKnown(client: ClusterClient, plan: RollbackPlan, pace: Pace): Promise<Restored> {
  const deadline = Date.now() + pace.awayMs
  let sent = false
  for (let attempt = 1; ; attempt++) {
    try {
      return restoredFrom(await client.patch(workloadPath(plan.workload), plan.patch, 'json'))
    } catch (error) {
      if (!(error instanceof KubernetesError)) throw error
      const known = await settle(client, plan, error, sent)
      if (known !== undefined) return known
      if (isInternal(error) && attempt >= internalErrorTries) return refusedBy(error)
      sent ||= isAway(error) && !error.neverSent
      if (Date.now() >= deadline) return { kind: 'away', message: error.message, sent }
      await pause(Math.max(pace.pollMs, (error.retryAfterSeconds ?? 0) * 1000))
    }
  }
}

/** A server whose store changes its leader says so once; a webhook that is broken says so each time. */
const isInternal = (error: KubernetesError): boolean => error.status >= 500 && !isAway(error)
const internalErrorTries = 3

/** What an error of the write means; undefined where it is worth another try. */
async function settle(
  client: ClusterClient,
  plan: RollbackPlan,
  error: KubernetesError,
  sentBefore: boolean,
): Promise<Restored | undefined> {
  if (hasStatus(error, 429)) return undefined
  // A 5xx may come after the write was done.
  const unclear = isAway(error) || error.status >= 500
  if (!unclear && !hasStatus(error, 409, 422)) return refusedBy(error)
  try {
    const now = await readWorkload(client, plan.workload)
    if (isRestored(plan, now))
      return sentBefore || (unclear && !error.neverSent) ? restoredFrom(now.raw) : { kind: 'already_there' }
    const moved = movedSince(plan, now)
    const all = moved.length > 0 ? moved : movedAnnotations(plan, now)
    if (all.length > 0) return { kind: 'moved', moved: all }
    return isAway(error) || isInternal(error) || hasStatus(error, 409) ? undefined : refusedBy(error)
  } catch (reading) {
    if (isAway(reading)) return undefined
    if (reading instanceof KubernetesError) return refusedBy(reading)
    throw reading
  }
}

function restoredFrom(raw: RawObject): Extract<Restored, { kind: 'restored' }> {
  const ours = writersOf(raw, 'spec', 'template').find((writer) => writer.manager === 'rescue')
  return {
    kind: 'restored',
    at: ours?.at ?? new Date().toISOString(),
    clock: Date.now(),
    templateKey: templateKey(recordAt(raw, 'spec', 'template')),
  }
}

/** Is the template still the one that was put back? */
export function isStillOurs(restored: Extract<Restored, { kind: 'restored' }>, now: Workload): boolean {
  return templateKey(now.template) === restored.templateKey
}
