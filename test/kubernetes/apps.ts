import { appOf, workloadRef } from '../../src/operations/rollback/workload-ref.ts'
import { listAt, numberAt, textAt } from '../../src/services/kubernetes/api/json.ts'
import { podsPath, workloadPath } from '../../src/services/kubernetes/api/paths.ts'
import { livePods, readPods, troublesOf } from '../../src/services/kubernetes/pods/pods.ts'
import { rolloutStatus } from '../../src/services/kubernetes/workload/rollout-status.ts'
import { readWorkload, type Workload } from '../../src/services/kubernetes/workload/workload.ts'
import { until } from '../store/helpers/until.ts'
import type { Scenario as Whole } from './scenario.ts'

type Scenario = Pick<Whole, 'admin' | 'services'>

const readinessProbe = { httpGet: { path: '/health', port: 3000 }, periodSeconds: 1, failureThreshold: 1 }

/** What somebody applied: 3 pods, one more at a time, none missing. */
export async function createApp(scenario: Scenario, tag: string): Promise<void> {
  const { kind, name, namespace } = workloadRef(appOf(scenario.services.catalog, 'porttrack-app'))
  const labels = { app: name }
  const env = [
    { name: 'LOG_LEVEL', value: 'info' },
    { name: 'DB_PASSWORD', value: 'hunter2' },
  ]
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: 'app', image: `app:${tag}`, env, readinessProbe }] },
  }
  const common = { selector: { matchLabels: labels }, template }
  const specs = {
    deployment: { replicas: 3, strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }, ...common },
    statefulset: { replicas: 2, serviceName: name, ...common },
    daemonset: common,
  }
  const apiKind = { deployment: 'Deployment', statefulset: 'StatefulSet', daemonset: 'DaemonSet' }[kind]
  const annotations = { 'kubernetes.io/change-cause': `release ${tag}` }
  const path = workloadPath({ namespace, kind, name }).split('/').slice(0, -1).join('/')
  await scenario.admin.post(path, {
    apiVersion: 'apps/v1',
    kind: apiKind,
    metadata: { name, annotations },
    spec: specs[kind],
  })
  await settled(scenario)
}

/** A release, as `kubectl set image` with its change-cause. */
export async function release(scenario: Scenario, tag: string): Promise<void> {
  await change(scenario, {
    metadata: { annotations: { 'kubernetes.io/change-cause': `release ${tag}` } },
    spec: { template: { spec: { containers: [{ name: 'app', image: `app:${tag}` }] } } },
  })
}

/** Somebody changes the workload by a strategic merge patch. */
export async function change(scenario: Scenario, patch: unknown): Promise<void> {
  await scenario.admin.patch(
    workloadPath(workloadRef(appOf(scenario.services.catalog, 'porttrack-app'))),
    patch,
    'strategic',
  )
}

export async function read(scenario: Scenario): Promise<Workload> {
  return readWorkload(scenario.admin, workloadRef(appOf(scenario.services.catalog, 'porttrack-app')))
}

export function imageOf(workload: Workload): string | undefined {
  return textAt(listAt(workload.template, 'spec', 'containers')[0], 'image')
}

export async function settled(scenario: Scenario): Promise<void> {
  await until('the rollout is done', async () => {
    const workload = await read(scenario)
    const status = rolloutStatus(workload)
    return status.kind === 'done' && status.counts.desired > 0
  })
}

/** Until a pod of the release shows this reason. */
export async function failing(scenario: Scenario, reason: string): Promise<void> {
  await until(`a pod is in ${reason}`, async () => {
    const pods = await readPods(scenario.admin, await read(scenario))
    return troublesOf(pods).some((trouble) => trouble.reason === reason)
  })
}

export async function readyPods(scenario: Scenario): Promise<number> {
  return livePods(await readPods(scenario.admin, await read(scenario))).filter((pod) => pod.ready).length
}

export function generationOf(workload: Workload): number {
  return numberAt(workload.raw, 'metadata', 'generation') ?? 0
}

/** Deletes one pod and waits until its successor is ready. */
export async function restartOnePod(scenario: Scenario): Promise<void> {
  const before = livePods(await readPods(scenario.admin, await read(scenario)))
  const [one] = before
  if (one === undefined) throw new Error('there is no pod to restart')
  await scenario.admin.delete(podsPath(one.namespace, one.name), { gracePeriodSeconds: 0 })
  await until('its successor is ready', async () => {
    const pods = livePods(await readPods(scenario.admin, await read(scenario)))
    return pods.length === before.length && pods.every((pod) => pod.ready && pod.uid !== one.uid)
  })
}
