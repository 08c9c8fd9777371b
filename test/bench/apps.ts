import { type Api, connectApi } from '../../sandbox/kubelet/api.ts'
import { type RawObject, textsAt } from '../../src/services/kubernetes/api/json.ts'
import { until } from './stats.ts'

export const namespace = 'bench'

/** A Deployment with two revisions: the present one is healthy, the one before it starts quickly or slowly. */
export type BenchApp = { readonly name: string; readonly before: 'quick' | 'slow' }

export const appsNamed = (prefix: string, count: number, before: BenchApp['before']): readonly BenchApp[] =>
  Array.from({ length: count }, (_, index) => ({ name: `${prefix}-${String(index + 1).padStart(2, '0')}`, before }))

const images = { quick: 'registry.example/bench:1.0.0', slow: 'registry.example/bench:1.0.0-slow' }
const present = 'registry.example/bench:1.1.0'
const collection = `/apis/apps/v1/namespaces/${namespace}/deployments`

/** Puts the apps into the cluster; resolves when each has its two revisions. Pods come when there are nodes. */
export async function seedApps(kubeconfig: string, apps: readonly BenchApp[]): Promise<void> {
  const api = connectApi(kubeconfig, 'bench')
  try {
    await api.write({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } })
    await Promise.all(apps.map((app) => seed(api, app)))
  } finally {
    await api.close()
  }
}

async function seed(api: Api, { name, before }: BenchApp): Promise<void> {
  // Without pods the first revision costs no time.
  await api.write({ method: 'POST', path: collection, body: deployment(name, images[before], 0) })
  await revisionIs(api, name, '1')
  await api.write({
    method: 'PATCH',
    patch: 'merge',
    path: `${collection}/${name}`,
    body: deployment(name, present, 2),
  })
  await revisionIs(api, name, '2')
}

function revisionIs(api: Api, name: string, revision: string): Promise<true> {
  return until(`revision ${revision} of ${name}`, async () => {
    const now = await api.client.get(`${collection}/${name}`)
    return textsAt(now, 'metadata', 'annotations')['deployment.kubernetes.io/revision'] === revision ? true : undefined
  })
}

function deployment(name: string, image: string, replicas: number): RawObject {
  const labels = { app: name }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'web',
              image,
              ports: [{ containerPort: 8080 }],
              readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 2 },
            },
          ],
        },
      },
    },
  }
}

/** The number that a rollback of this app goes to: both revisions take turns, and the one that is not present has the lower one. */
export async function otherRevision(api: Api, name: string): Promise<number> {
  const now = await api.client.get(`${collection}/${name}`)
  return Number(textsAt(now, 'metadata', 'annotations')['deployment.kubernetes.io/revision']) - 1
}

/** When all pods of all apps are ready. */
export async function appsReady(api: Api, apps: readonly BenchApp[]): Promise<void> {
  await until(
    'the pods of all apps',
    async () => {
      const { items } = await api.client.list(collection)
      const ready = (item: RawObject): boolean =>
        Number((item['status'] as RawObject | undefined)?.['readyReplicas']) === 2
      return items.filter(ready).length >= apps.length ? true : undefined
    },
    { seconds: 90, everyMs: 250 },
  )
}
