import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cluster, type ClusterOptions, startCluster } from '../../../sandbox/cluster/start.ts'
import { type Answer, type Client, clientOf, until } from './client.ts'

export type Json = Record<string, unknown>

/** A cluster and a client of its own for one scenario, with a namespace `shop`. */
export async function cluster(options: Partial<ClusterOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-cluster-'))
  const server: Cluster = await startCluster({ folder, ...options })
  const client = clientOf(server.kubeconfig)
  await client.call('/api/v1/namespaces', { method: 'POST', body: { metadata: { name: 'shop' } } })
  return {
    server,
    client,
    [Symbol.asyncDispose]: async () => {
      await client.close()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const apps = '/apis/apps/v1/namespaces/shop'
export const core = '/api/v1/namespaces/shop'
export const types = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
}

export const template = (app: string, image: string): Json => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'web', image }] },
})

export const deployment = (name: string, more: Json = {}, image = 'web:1'): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: name } },
    template: template(name, image),
    strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    ...more,
  },
})

/** A value deep inside an answer; undefined where there is nothing. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (here, key) =>
      typeof here === 'object' && here !== null ? (here as Record<string | number, unknown>)[key] : undefined,
    value,
  )
}

export function items(answer: Answer): Json[] {
  const list = at(answer.body, 'items')
  return Array.isArray(list) ? list : []
}

export const post = (client: Client, path: string, body: unknown) => client.call(path, { method: 'POST', body })
export const patch = (client: Client, path: string, type: keyof typeof types, body: unknown) =>
  client.call(path, { method: 'PATCH', type: types[type], body })
export const setImage = (client: Client, name: string, image: string, cause?: string) =>
  patch(client, `${apps}/deployments/${name}`, 'strategic', {
    ...(cause === undefined ? {} : { metadata: { annotations: { 'kubernetes.io/change-cause': cause } } }),
    spec: { template: { spec: { containers: [{ name: 'web', image }] } } },
  })

/**
 * Stands in for nodes: makes pods ready whose image does not end in `-bad`, and lets go of pods that are being deleted.
 * @returns stops it
 */
export function playNode(client: Client): () => Promise<void> {
  let stopped = false
  const round = async () => {
    for (const pod of items(await client.call('/api/v1/pods'))) {
      const path = `/api/v1/namespaces/${at(pod, 'metadata', 'namespace')}/pods/${at(pod, 'metadata', 'name')}`
      const image = String(at(pod, 'spec', 'containers', 0, 'image'))
      if (at(pod, 'metadata', 'deletionTimestamp') !== undefined)
        await client.call(`${path}?gracePeriodSeconds=0`, { method: 'DELETE' })
      else if (at(pod, 'status', 'podIP') === undefined)
        await patch(client, `${path}/status`, 'strategic', readyStatus(image))
    }
  }
  const running = (async () => {
    while (!stopped) {
      await round()
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  })()
  return () => {
    stopped = true
    return running
  }
}

function readyStatus(image: string): Json {
  const ready = !image.endsWith('-bad')
  const now = `${new Date().toISOString().slice(0, 19)}Z`
  return {
    status: {
      phase: 'Running',
      podIP: `10.1.0.${1 + Math.floor(Math.random() * 250)}`,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: now }],
      containerStatuses: [
        {
          name: 'web',
          image,
          imageID: '',
          ready,
          restartCount: ready ? 0 : 3,
          state: ready ? { running: { startedAt: now } } : { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: {},
        },
      ],
    },
  }
}

/** The Deployment once its status says so. */
export function whenDeployment(
  client: Client,
  name: string,
  what: string,
  holds: (deployment: Json) => boolean,
): Promise<Json> {
  return until(`${name} ${what}`, async () => (await client.call(`${apps}/deployments/${name}`)).body as Json, holds)
}

export const isComplete = (deployment: Json): boolean => {
  const wanted = at(deployment, 'spec', 'replicas')
  const status = (key: string) => at(deployment, 'status', key)
  return (
    status('observedGeneration') === at(deployment, 'metadata', 'generation') &&
    status('updatedReplicas') === wanted &&
    status('replicas') === wanted &&
    status('availableReplicas') === wanted
  )
}

export const conditionOf = (object: Json, type: string): Json | undefined => {
  const list = at(object, 'status', 'conditions')
  return Array.isArray(list) ? list.find((one) => at(one, 'type') === type) : undefined
}

/** Revision -> image of the history, as `kubectl rollout history` reads it. */
export async function history(client: Client, name: string): Promise<Record<string, unknown>> {
  const sets = items(await client.call(`${apps}/replicasets?labelSelector=app%3D${name}`))
  const entries = sets.map(
    (one) =>
      [
        String(at(one, 'metadata', 'annotations', 'deployment.kubernetes.io/revision')),
        at(one, 'spec', 'template', 'spec', 'containers', 0, 'image'),
      ] as const,
  )
  return Object.fromEntries(entries.sort(([a], [b]) => Number(a) - Number(b)))
}
