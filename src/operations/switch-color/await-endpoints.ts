import { KubernetesError } from '../../services/kubernetes/api/errors.ts'
import { pause } from '../../services/kubernetes/api/pause.ts'
import { readPods } from '../../services/kubernetes/pods/pods.ts'
import { readEndpoints } from '../../services/kubernetes/route/endpoints.ts'
import { readWorkload } from '../../services/kubernetes/workload/workload.ts'
import { type LastingReason, lastingReason } from '../rollback/lasting.ts'
import type { Report } from '../types.ts'
import { type Place, writerOf } from './compare.ts'
import { readRoute, sameWay, seenOf } from './route.ts'
import { orNone } from './sides.ts'
import type { Seen, Side, SwitchPlan } from './types.ts'

/** Whom the route really reaches. */
export type Reached = {
  readonly ready: number
  readonly notReady: number
  /** Ready ones that are still of the other colour. */
  readonly old: number
}

export type Trouble =
  | { readonly kind: 'flipped_back'; readonly by: string | undefined; readonly at: string | undefined }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'unwatchable'; readonly reason: LastingReason; readonly message: string }

export type Followed = { readonly reached: Reached } & (
  | { readonly kind: 'followed' }
  /** Nobody is reached in time, or still the other colour. */
  | { readonly kind: 'not_followed' }
  | Trouble
)

export type Watch = {
  readonly place: Place
  readonly plan: SwitchPlan
  /** The side that must be reached, and what the route says meanwhile. */
  readonly side: Side
  readonly other: Side
  readonly wanted: Seen
  readonly clock: number
  readonly stopRequested: () => Promise<boolean>
  readonly report: Report
}

/** Until the EndpointSlices name pods of the wanted colour and none of the other: then proxies send people there. */
export async function awaitEndpoints(watch: Watch): Promise<Followed> {
  const { pace } = watch.place
  let reached: Reached = { ready: 0, notReady: 0, old: 0 }
  let away: string | undefined
  for (;;) {
    try {
      const looked = await lookOnce(watch)
      reached = looked.reached
      away = undefined
      if (looked.flipped !== undefined) return { ...looked.flipped, reached }
      if (isReached(reached)) return { kind: 'followed', reached }
      await watch.report({ ...reached })
    } catch (error) {
      if (!(error instanceof KubernetesError)) throw error
      const reason = lastingReason(error)
      if (reason !== undefined) return { kind: 'unwatchable', reason, message: error.message, reached }
      away = error.message
      await watch.report({ ...reached, waitingFor: 'cluster_away' })
    }
    // The clock starts at the write, also for a process that took this step over from another.
    if (Date.now() - watch.clock >= pace.endpointsMs)
      return away === undefined
        ? { kind: 'not_followed', reached }
        : { kind: 'unwatchable', reason: 'cluster_away', message: away, reached }
    if (await watch.stopRequested()) return { kind: 'stopped', reached }
    await pause(pace.pollMs)
  }
}

export const isReached = (reached: Reached): boolean => reached.ready > 0 && reached.old === 0

type Looked = {
  readonly reached: Reached
  readonly flipped: Extract<Trouble, { kind: 'flipped_back' }> | undefined
}

/** The route, its endpoints and the pods of the other colour, at once. @throws KubernetesError */
export async function lookOnce({ place, plan, side, other, wanted }: Watch): Promise<Looked> {
  const { client, colors } = place
  const { namespace, kind, name } = plan.route
  const service = kind === 'service' ? name : (side.service ?? '')
  const [raw, endpoints, others] = await Promise.all([
    readRoute(client, plan.route),
    readEndpoints(client, namespace, service),
    podsOf(place, other),
  ])
  const old = endpoints.ready.filter((pod) => others.includes(pod)).length
  const reached = { ready: endpoints.ready.length - old, notReady: endpoints.notReady, old }
  if (sameWay(seenOf(raw, colors), wanted)) return { reached, flipped: undefined }
  const writer = writerOf(raw, plan)
  return { reached, flipped: { kind: 'flipped_back', by: writer?.manager, at: writer?.at } }
}

async function podsOf({ client }: Place, side: Side): Promise<readonly string[]> {
  const workload = await orNone(readWorkload(client, side.workload))
  return workload === undefined ? [] : (await readPods(client, workload)).map((pod) => pod.name)
}
