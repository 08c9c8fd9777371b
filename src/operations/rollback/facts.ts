import { KubernetesError } from '../../services/kubernetes/api/errors.ts'
import type { ClusterClient } from '../../services/kubernetes/api/types.ts'
import { type EventView, readEvents } from '../../services/kubernetes/pods/events.ts'
import { livePods, readPods, troubleOf, troublesOf } from '../../services/kubernetes/pods/pods.ts'
import type { PodTrouble } from '../../services/kubernetes/pods/types.ts'
import { mayI } from '../../services/kubernetes/rights/access-review.ts'
import type { PodView } from '../../services/kubernetes/watch/projections.ts'
import { gitOpsOwner } from '../../services/kubernetes/workload/gitops.ts'
import { writersOf } from '../../services/kubernetes/workload/managed-fields.ts'
import { type ConfigReference, referencesOf } from '../../services/kubernetes/workload/references.ts'
import { type Revision, readRevisions } from '../../services/kubernetes/workload/revisions.ts'
import { conditionOf, countsOf } from '../../services/kubernetes/workload/rollout-status.ts'
import { readConfigs, readSurroundings, type Surroundings } from '../../services/kubernetes/workload/surroundings.ts'
import { readWorkload, type Workload } from '../../services/kubernetes/workload/workload.ts'
import type { Services } from '../services.ts'
import { notCreated } from './not-created.ts'
import { observationsOf } from './observations.ts'
import type { PodProblem, RollbackFacts, RollbackParams, WorkloadRef } from './types.ts'
import { appOf, workloadRef } from './workload-ref.ts'

/** Events are asked for only about these many pods, and only where their status does not say enough. */
const mostEvents = 3

/**
 * The workload first (its selector names the rest), then everything else at once: two rounds of calls.
 * @throws KubernetesError when the workload, its history or its pods cannot be read
 */
export async function readRollbackFacts(params: RollbackParams, services: Services): Promise<RollbackFacts> {
  const app = appOf(services.catalog, params.app)
  const ref = workloadRef(app)
  const client = services.cluster(ref.cluster)
  const workload = await readWorkload(client, ref)
  const impersonates = services.catalog.clusters[ref.cluster]?.impersonate === true
  const [revisions, pods, surroundings, observations, mayPatch] = await Promise.all([
    readRevisions(client, workload),
    readPods(client, workload),
    readSurroundings(client, workload),
    observationsOf(services.db, params.app, workload.uid),
    impersonates || mayI(client, { verb: 'patch', group: 'apps', resource: `${ref.kind}s`, ...named(ref) }),
  ])
  return {
    app: params.app,
    environment: app.environment,
    workload: ref,
    readAt: new Date().toISOString(),
    uid: workload.uid,
    template: workload.template,
    annotations: workload.annotations,
    paused: workload.paused,
    pausedBy: workload.paused ? writersOf(workload.raw, 'spec', 'paused')[0] : undefined,
    strategy: workload.strategy,
    minReadySeconds: workload.minReadySeconds,
    counts: countsOf(workload),
    revisions,
    rolledOutAt: rolledOutAt(workload, revisions),
    observations,
    problems: [...(await explain(client, ref, pods, revisions)), ...(await notCreated(client, workload, revisions))],
    readyByHash: readyByHash(pods),
    surroundings: await withHistoricConfigs(client, workload, revisions, surroundings),
    gitOps: gitOpsOwner(workload.raw),
    healthChecks: app.health.length,
    mayPatch,
  }
}

function named({ namespace, name }: WorkloadRef) {
  return { namespace, name }
}

/** An older template may need ConfigMaps and Secrets that the present one does not: one more round, only where it is so. */
async function withHistoricConfigs(
  client: ClusterClient,
  workload: Workload,
  revisions: readonly Revision[],
  surroundings: Surroundings,
): Promise<Surroundings> {
  const idOf = (each: Pick<ConfigReference, 'kind' | 'name'>): string => `${each.kind}/${each.name}`
  const known = new Set(referencesOf(workload.template).map(idOf))
  const missing = new Map<string, ConfigReference>()
  for (const reference of revisions.flatMap((revision) => referencesOf(revision.template)))
    if (!known.has(idOf(reference))) missing.set(idOf(reference), reference)
  if (missing.size === 0) return surroundings
  const unread: string[] = []
  const configs = await readConfigs(client, workload.address.namespace, [...missing.values()], unread)
  return {
    ...surroundings,
    configs: [...surroundings.configs, ...configs],
    unread: [...new Set([...surroundings.unread, ...unread])],
  }
}

/** Pods that are not ready, with the reason a person needs; events fill in what pod status does not say. */
export async function explain(
  client: ClusterClient,
  ref: Pick<WorkloadRef, 'namespace'>,
  pods: readonly PodView[],
  revisions: readonly Pick<Revision, 'revision' | 'podHash'>[],
): Promise<readonly PodProblem[]> {
  const troubles = troublesOf(pods)
  const unclear = troubles.filter((trouble) => trouble.state === 'starting').slice(0, mostEvents)
  const explained = await Promise.all(
    unclear.map(async (trouble) => {
      const pod = livePods(pods).find((each) => each.name === trouble.pod)
      if (pod === undefined) return trouble
      return troubleOf(pod, await eventsOrNone(client, ref.namespace, pod)) ?? trouble
    }),
  )
  const byName = new Map(explained.map((trouble) => [trouble.pod, trouble]))
  return troubles.map((trouble) => problemOf(byName.get(trouble.pod) ?? trouble, revisions))
}

async function eventsOrNone(client: ClusterClient, namespace: string, pod: PodView): Promise<readonly EventView[]> {
  try {
    return await readEvents(client, namespace, { kind: 'Pod', name: pod.name, uid: pod.uid }, { timeoutMs: 2_000 })
  } catch (error) {
    if (error instanceof KubernetesError) return []
    throw error
  }
}

function problemOf(trouble: PodTrouble, revisions: readonly Pick<Revision, 'revision' | 'podHash'>[]): PodProblem {
  const { podHash, ...rest } = trouble
  const revision = revisions.find((each) => each.podHash === podHash)
  return { ...rest, revision: revision?.revision }
}

function readyByHash(pods: readonly PodView[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const pod of livePods(pods)) if (pod.ready) counts[pod.podHash] = (counts[pod.podHash] ?? 0) + 1
  return counts
}

/** The controller's last touch of the current revision, or the end of its rollout: whichever is earlier. */
function rolledOutAt(workload: Workload, revisions: readonly Revision[]): string | undefined {
  const touched = revisions.find((revision) => revision.current)?.touchedAt
  const progressed = conditionOf(workload.raw, 'Progressing')?.updatedAt
  return [touched, progressed].filter((time): time is string => time !== undefined && time !== '').sort()[0]
}
