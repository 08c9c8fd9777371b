import { routeName } from '../catalog/colors.ts'
import type { AppEntry } from '../catalog/schema.ts'
import { workloadOfApp } from '../catalog/workloads.ts'
import type { Services } from '../operations/services.ts'
import { checkHealth } from '../services/http/health.ts'
import { KubernetesError } from '../services/kubernetes/api/errors.ts'
import { listAt, textAt } from '../services/kubernetes/api/json.ts'
import type { ClusterClient } from '../services/kubernetes/api/types.ts'
import { livePods, readPods, troublesOf } from '../services/kubernetes/pods/pods.ts'
import type { PodView as Pod } from '../services/kubernetes/watch/projections.ts'
import { type Revision, readRevisions } from '../services/kubernetes/workload/revisions.ts'
import { rolloutStatus } from '../services/kubernetes/workload/rollout-status.ts'
import { readWorkload, type Workload } from '../services/kubernetes/workload/workload.ts'
import type { ComponentView, PodView } from '../texts/views.ts'
import { type Named, unknown } from './unknown.ts'

type Look = { readonly deep: boolean; readonly signal: AbortSignal }

/** Where people know an app from: its workload, or what leads to one of its two colours. */
export function whereOf({ namespace, workload, colors }: AppEntry): string {
  return `${namespace} · ${colors === undefined ? workload : routeName(colors)}`
}

/** A workload of the catalog: how far its rollout is, its pods with reasons, and its health checks. */
export async function readApp(services: Services, named: Named, app: AppEntry, look: Look): Promise<ComponentView> {
  const client = services.cluster(app.cluster)
  const limits = { signal: look.signal }
  const checks = Promise.all(app.health.map((check) => checkHealth(check, look.signal)))
  return orWhy(named, async () => {
    const workload = await readWorkload(client, workloadOfApp(app), limits)
    const [pods, health, revision] = await Promise.all([
      readPods(client, workload, limits),
      checks,
      revisionNumber(client, workload),
    ])
    const judged = { ...judge(workload, pods, health), revision }
    const detail = [await splitOf(client, workload, pods), judged.detail].filter((text) => text !== undefined)
    return { ...named, ...judged, detail: detail.length === 0 ? undefined : detail.join(' · '), run: undefined }
  })
}

/** A cluster that does not answer, or says no, is a state of the component. */
export async function orWhy(named: Named, read: () => Promise<ComponentView>): Promise<ComponentView> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error
    if (error.status === 404) return { ...unknown(named, 'not_found', error.message), state: 'down' }
    if (error.status === 403) return unknown(named, 'forbidden', `${error.verb} ${error.resource}`)
    return unknown(named, 'cluster_away', error.message)
  }
}

type Judged = Omit<ComponentView, 'kind' | 'name' | 'where' | 'run' | 'revision'>
type Health = Awaited<ReturnType<typeof checkHealth>>

function judge(workload: Workload, pods: readonly Pod[], health: readonly Health[]): Judged {
  const rollout = rolloutStatus(workload)
  const { desired, ready } = rollout.counts
  const troubles = troublesOf(pods)
  const worst = troubles[0]
  const failing = troubles.some((trouble) => trouble.state === 'failing')
  const unhealthy = health.filter((check) => !check.ok)
  const state = (): Pick<Judged, 'state' | 'reason'> => {
    if (desired === 0) return { state: 'down', reason: 'scaled_to_zero' }
    if (ready === 0) return { state: 'down', reason: worst?.reason ?? 'no_pod_ready' }
    if (unhealthy.length > 0) return { state: 'degraded', reason: 'health_check' }
    if (rollout.kind === 'failed') return { state: 'degraded', reason: rollout.reason }
    if (failing || ready < desired) return { state: 'degraded', reason: worst?.reason ?? 'pods_not_ready' }
    if (rollout.kind === 'waiting') return { state: 'progressing', reason: rollout.wait }
    return { state: 'healthy', reason: undefined }
  }
  return {
    ...state(),
    detail: worst === undefined ? undefined : `${worst.pod}: ${worst.message}`,
    ready,
    desired,
    images: listAt(workload.template, 'spec', 'containers').flatMap((container) => textAt(container, 'image') ?? []),
    pods: pods.map((pod) => podLine(pod, troubles)),
    health: health.map((check) => ({
      name: check.name,
      ok: check.ok,
      detail: check.reason ?? String(check.status ?? ''),
      ms: check.ms,
    })),
  }
}

/** Read only while pods of several revisions are there, and left out where the history cannot be read. */
async function splitOf(client: ClusterClient, workload: Workload, pods: readonly Pod[]): Promise<string | undefined> {
  if (new Set(livePods(pods).map((pod) => pod.podHash)).size < 2) return undefined
  try {
    return splitByRevision(await readRevisions(client, workload), pods)
  } catch (error) {
    if (error instanceof KubernetesError) return undefined
    throw error
  }
}

/** In the middle of a rollout, whose pods are ready, the newest first: "rev. 7: 0/1 pods · rev. 6: 3/3 pods". Pure. */
export function splitByRevision(
  revisions: readonly Pick<Revision, 'revision' | 'podHash'>[],
  pods: readonly Pod[],
): string | undefined {
  const groups = Map.groupBy(livePods(pods), (pod) => pod.podHash)
  const parts = revisions.flatMap(({ revision, podHash }) => {
    const group = groups.get(podHash)
    if (group === undefined) return []
    return [`rev. ${revision}: ${group.filter((pod) => pod.ready).length}/${group.length} pods`]
  })
  return parts.length < 2 ? undefined : parts.join(' · ')
}

/** A Deployment's is an annotation; StatefulSets and DaemonSets number theirs in ControllerRevisions. */
async function revisionNumber(client: ClusterClient, workload: Workload): Promise<number | undefined> {
  const text = workload.annotations['deployment.kubernetes.io/revision']
  if (text !== undefined) return Number(text)
  if (workload.address.kind === 'deployment') return undefined
  // A history that may not be read leaves the number out, not the whole component.
  const revisions = await readRevisions(client, workload).catch(() => [])
  return revisions.find((revision) => revision.current)?.revision
}

function podLine(pod: Pod, troubles: ReturnType<typeof troublesOf>): PodView {
  const trouble = troubles.find((entry) => entry.pod === pod.name)
  return {
    name: pod.name,
    ready: pod.ready,
    phase: pod.deleting ? 'Terminating' : pod.phase,
    reason:
      trouble === undefined ? undefined : [trouble.reason, trouble.message].filter((text) => text !== '').join(': '),
    restarts: pod.containers.reduce((sum, container) => sum + container.restarts, 0),
    node: pod.node,
    startedAt: pod.createdAt,
  }
}
