import { connectApi } from '../../../sandbox/kubelet/api.ts'
import { type RawObject, textsAt } from '../../../src/services/kubernetes/api/json.ts'
import { until } from './person.ts'

/** Many small apps, each with two healthy revisions, for what happens to many at once. */
const shopNamespace = 'shop'
export const shopApps = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `shop-${String(index + 1).padStart(2, '0')}`)

const collection = `/apis/apps/v1/namespaces/${shopNamespace}/deployments`
export const shopPath = (app: string): string => `${collection}/${app}`

export const firstImage = 'registry.example/shop:1.0.0'
export const secondImage = 'registry.example/shop:1.1.0'

/** Entries of the catalog for them. @param health address of an HTTP check that is always well */
export function shopCatalog(apps: readonly string[], health: string): Record<string, object> {
  const entry = (app: string) => ({
    cluster: 'main',
    namespace: shopNamespace,
    workload: `deployment/${app}`,
    owners: ['ana'],
    rolloutTimeoutSeconds: 90,
    health: [{ name: 'web', url: health, expect: 200, timeoutSeconds: 2 }],
  })
  return Object.fromEntries(apps.map((app) => [app, entry(app)]))
}

/** Puts them into the cluster; resolves when each has its second revision. @throws KubernetesError */
export async function seedShop(kubeconfig: string, apps: readonly string[]): Promise<void> {
  const api = connectApi(kubeconfig, 'pipeline')
  try {
    await api.write({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: shopNamespace } } })
    await Promise.all(
      apps.map(async (app) => {
        const at = async (revision: string) => {
          const now = await api.client.get(shopPath(app))
          return textsAt(now, 'metadata', 'annotations')['deployment.kubernetes.io/revision'] === revision
        }
        await api.write({ method: 'POST', path: collection, body: deployment(app, firstImage) })
        await until(`revision 1 of ${app}`, () => at('1'))
        await api.write({ method: 'PATCH', patch: 'merge', path: shopPath(app), body: deployment(app, secondImage) })
        await until(`revision 2 of ${app}`, () => at('2'))
      }),
    )
  } finally {
    await api.close()
  }
}

/** From now on a pod of it counts only after so long: whoever waits for it has something to tell, however slow the machine. */
export async function needsReadyFor(kubeconfig: string, app: string, seconds: number): Promise<void> {
  const api = connectApi(kubeconfig, 'pipeline')
  const body = { spec: { minReadySeconds: seconds } }
  await api.write({ method: 'PATCH', patch: 'merge', path: shopPath(app), body }).finally(api.close)
}

function deployment(name: string, image: string): RawObject {
  const labels = { app: name }
  const container = {
    name: 'web',
    image,
    ports: [{ containerPort: 8080 }],
    readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 1 },
  }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: shopNamespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  }
}
