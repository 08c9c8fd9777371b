import type { Api } from '../kubelet/api.ts'
import { hangAnnotation } from '../kubelet/pod.ts'
import { collectionPath, pathOf } from './resources.ts'

/** The pods of this app stop answering; new ones work. @throws KubernetesError */
export async function hangMonitoring(api: Api, app: string): Promise<void> {
  const { items } = await api.client.list(collectionPath('Pod', 'porttrack-monitoring'), {
    labelSelector: `app=${app}`,
  })
  const body = { metadata: { annotations: { [hangAnnotation]: 'true' } } }
  for (const pod of items)
    await api.write({ method: 'PATCH', patch: 'merge', path: pathOf({ kind: 'Pod', ...pod }), body })
}
