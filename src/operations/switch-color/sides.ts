import type { ColorSide } from '../../catalog/colors.ts'
import type { AppEntry } from '../../catalog/schema.ts'
import { hasStatus } from '../../services/kubernetes/api/errors.ts'
import { type RawObject, textAt, textsAt } from '../../services/kubernetes/api/json.ts'
import { podsPath } from '../../services/kubernetes/api/paths.ts'
import type { ClusterClient } from '../../services/kubernetes/api/types.ts'
import { livePods, readPods } from '../../services/kubernetes/pods/pods.ts'
import { readEndpoints } from '../../services/kubernetes/route/endpoints.ts'
import { hasPort } from '../../services/kubernetes/route/ingress.ts'
import { containerPorts, namedTargets, readService } from '../../services/kubernetes/route/services.ts'
import { podView } from '../../services/kubernetes/watch/projections.ts'
import { imagesOf, readRevisions } from '../../services/kubernetes/workload/revisions.ts'
import { selectorQuery } from '../../services/kubernetes/workload/selector.ts'
import { templateKey } from '../../services/kubernetes/workload/template-equality.ts'
import { readWorkload, type Workload } from '../../services/kubernetes/workload/workload.ts'
import { explain } from '../rollback/facts.ts'
import type { WorkloadRef } from '../rollback/types.ts'
import { irreversibleAnnotation } from '../rollback/warnings.ts'
import { workloadRef } from '../rollback/workload-ref.ts'
import { ledTo } from './route.ts'
import type { Seen, Side } from './types.ts'

export function sideRef(app: AppEntry, { workload }: ColorSide): WorkloadRef {
  return workloadRef({ ...app, workload })
}

/** One twin: its workload first, then its pods, its history, and whom the route would reach there. @throws KubernetesError */
export async function readSide(
  client: ClusterClient,
  app: AppEntry,
  side: ColorSide,
  route: { readonly raw: RawObject; readonly seen: Seen },
): Promise<Side> {
  const ref = sideRef(app, side)
  const workload = await orNone(readWorkload(client, ref))
  if (workload === undefined) return missing(side, ref)
  const [pods, revisions, reach] = await Promise.all([
    readPods(client, workload),
    readRevisions(client, workload),
    readReach(client, side, ref, workload, route),
  ])
  const current = revisions.find((revision) => revision.current)
  const ready = livePods(pods).filter((pod) => pod.ready)
  return {
    ...missing(side, ref),
    exists: true,
    uid: workload.uid,
    desired: workload.replicas ?? pods.length,
    ready: ready.length,
    old: ready.filter((pod) => pod.podHash !== current?.podHash).length,
    images: imagesOf(workload.template),
    revision: current?.revision,
    source: current?.source ?? '',
    templateKey: templateKey(workload.template),
    changeCause: workload.annotations['kubernetes.io/change-cause'] ?? current?.changeCause,
    since: current?.createdAt,
    problems: await explain(client, ref, pods, revisions),
    ...reach,
    migration: marked(workload),
  }
}

function missing({ name, service }: ColorSide, workload: WorkloadRef): Side {
  return {
    color: name,
    workload,
    service,
    exists: false,
    uid: '',
    desired: 0,
    ready: 0,
    old: 0,
    images: [],
    revision: undefined,
    source: '',
    templateKey: '',
    changeCause: undefined,
    since: undefined,
    problems: [],
    endpoints: [],
    missingLabels: {},
    missingPorts: [],
    app: undefined,
    migration: undefined,
  }
}

type Reach = Pick<Side, 'endpoints' | 'missingLabels' | 'missingPorts'>

async function readReach(
  client: ClusterClient,
  side: ColorSide,
  { namespace }: WorkloadRef,
  workload: Workload,
  route: { readonly raw: RawObject; readonly seen: Seen },
): Promise<Reach> {
  const { seen, raw } = route
  if (seen.kind === 'service') {
    const wanted = ledTo(seen, { color: side.name, service: side.service })
    return reachBySelector(client, namespace, workload, raw, wanted.kind === 'service' ? wanted.selector : {})
  }
  const name = side.service ?? ''
  const [service, endpoints] = await Promise.all([
    orNone(readService(client, namespace, name)),
    readEndpoints(client, namespace, name),
  ])
  const ports = [...new Set(seen.backends.map(({ port }) => port))]
  const missingPorts = ports.filter((port) => service === undefined || !hasPort(service, port))
  return { endpoints: missingPorts.length > 0 ? [] : endpoints.ready, missingLabels: {}, missingPorts }
}

/** No EndpointSlice tells of a colour that the Service does not choose: the pods that it would choose do. */
async function reachBySelector(
  client: ClusterClient,
  namespace: string,
  workload: Workload,
  service: RawObject,
  selector: Readonly<Record<string, string>>,
): Promise<Reach> {
  const ports = containerPorts(workload.template)
  const missingPorts = namedTargets(service).filter((port) => !ports.includes(port))
  const labels = textsAt(workload.template, 'metadata', 'labels')
  const missingLabels = Object.fromEntries(Object.entries(selector).filter(([key, value]) => labels[key] !== value))
  if (Object.keys(selector).length === 0 || missingPorts.length > 0)
    return { endpoints: [], missingLabels, missingPorts }
  const { items } = await client.list(podsPath(namespace), { labelSelector: selectorQuery({ matchLabels: selector }) })
  const ready = livePods(items.map(podView)).filter((pod) => pod.ready)
  return { endpoints: ready.map(({ name }) => name).sort(), missingLabels, missingPorts }
}

function marked(workload: Workload): string | undefined {
  const says =
    workload.annotations[irreversibleAnnotation] ??
    textAt(workload.template, 'metadata', 'annotations', irreversibleAnnotation)
  return says === 'false' ? undefined : says
}

export async function orNone<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read
  } catch (error) {
    if (hasStatus(error, 404)) return undefined
    throw error
  }
}
