import { hasStatus, isAway, KubernetesError } from '../../services/kubernetes/api/errors.ts'
import type { RawObject } from '../../services/kubernetes/api/json.ts'
import { pause } from '../../services/kubernetes/api/pause.ts'
import type { PatchOperation } from '../../services/kubernetes/workload/undo-patch.ts'
import type { Fence } from '../types.ts'
import { refusedBy, type Unchanged } from '../unchanged.ts'
import { isAsBefore, isSwitched, type Moved, type Place, routeMoved, writerOf } from './compare.ts'
import { readRoute, routePath } from './route.ts'
import type { SwitchPlan } from './types.ts'

/** What became of one write of the route; a value, also where the cluster refused it. */
export type Switched =
  | {
      readonly kind: 'switched'
      /** The server's time. */
      readonly at: string
      /** Our own, in ms: limits of time run from here, also in a process that takes over. */
      readonly clock: number
    }
  | Unchanged<Moved>

type Write = {
  readonly patch: readonly PatchOperation[]
  readonly isDone: (raw: RawObject) => boolean
  readonly isUndone: (raw: RawObject) => boolean
  readonly moved: (raw: RawObject) => readonly Moved[]
}

/** The fenced write: one PATCH of the route that applies to nothing but what people saw. */
export function switchTraffic(place: Place, plan: SwitchPlan): Fence<Switched> {
  const { colors } = place
  return fenceOf(place, plan, plan.to.color, {
    patch: plan.patch,
    isDone: (raw) => isSwitched(raw, plan, colors),
    isUndone: (raw) => isAsBefore(raw, plan, colors),
    moved: (raw) => routeMoved(raw, plan, colors),
  })
}

/** The way back when the check failed: one PATCH that applies to nothing but what the first one left. */
export function switchBack(place: Place, plan: SwitchPlan): Fence<Switched> {
  const { colors } = place
  return fenceOf(place, plan, plan.from.color, {
    patch: plan.backPatch,
    isDone: (raw) => isAsBefore(raw, plan, colors),
    isUndone: (raw) => isSwitched(raw, plan, colors),
    moved: (raw) => routeMoved(raw, plan, colors, plan.after),
  })
}

function fenceOf(place: Place, plan: SwitchPlan, to: string, write: Write): Fence<Switched> {
  const { cluster, namespace, kind, name } = plan.route
  return {
    intent: { route: `${cluster}/${namespace}/${kind}/${name}`, uid: plan.uid, to },
    act: () => patchUntilKnown(place, plan, write),
    look: async () => {
      const raw = await readRoute(place.client, plan.route)
      if (write.isDone(raw)) return { kind: 'done', result: switchedFrom(raw, plan) }
      if (write.isUndone(raw)) return { kind: 'not_done' }
      return { kind: 'unknown', why: `${kind}/${name} leads neither where it did nor to ${to}` }
    },
  }
}

/**
 * A broken connection leaves open whether the write was done: the object tells. Repeating it is safe, since its tests
 * hold only before.
 */
async function patchUntilKnown(place: Place, plan: SwitchPlan, write: Write): Promise<Switched> {
  const { client, pace } = place
  const deadline = Date.now() + pace.awayMs
  let sent = false
  for (let attempt = 1; ; attempt++) {
    try {
      return switchedFrom(await client.patch(routePath(plan.route), write.patch, 'json'), plan)
    } catch (error) {
      if (!(error instanceof KubernetesError)) throw error
      const known = await settle(place, plan, write, error, sent)
      if (known !== undefined) return known
      if (error.status >= 500 && !isAway(error) && attempt >= internalErrorTries) return refusedBy(error)
      sent ||= isAway(error) && !error.neverSent
      if (Date.now() >= deadline) return { kind: 'away', message: error.message, sent }
      await pause(Math.max(pace.pollMs, (error.retryAfterSeconds ?? 0) * 1000))
    }
  }
}

/** A server whose store changes its leader says so once; a webhook that is broken says so each time. */
const internalErrorTries = 3

/** What an error of the write means; undefined where it is worth another try. */
async function settle(
  { client }: Place,
  plan: SwitchPlan,
  write: Write,
  error: KubernetesError,
  sentBefore: boolean,
): Promise<Switched | undefined> {
  if (hasStatus(error, 429)) return undefined
  // A 5xx may come after the write was done.
  const unclear = isAway(error) || error.status >= 500
  if (!unclear && !hasStatus(error, 409, 422)) return refusedBy(error)
  try {
    const raw = await readRoute(client, plan.route)
    if (write.isDone(raw))
      return sentBefore || (unclear && !error.neverSent) ? switchedFrom(raw, plan) : { kind: 'already_there' }
    const moved = write.moved(raw)
    if (moved.length > 0) return { kind: 'moved', moved }
    return unclear || hasStatus(error, 409) ? undefined : refusedBy(error)
  } catch (reading) {
    if (isAway(reading)) return undefined
    if (reading instanceof KubernetesError) return refusedBy(reading)
    throw reading
  }
}

function switchedFrom(raw: RawObject, plan: SwitchPlan): Switched {
  return { kind: 'switched', at: writerOf(raw, plan)?.at ?? new Date().toISOString(), clock: Date.now() }
}
