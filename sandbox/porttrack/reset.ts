import { hasStatus } from '../../src/services/kubernetes/api/errors.ts'
import { listAt, type RawObject, recordAt, textAt } from '../../src/services/kubernetes/api/json.ts'
import type { Kubelet } from '../kubelet/start.ts'
import { readManifests } from './manifests.ts'
import { startAllNodes } from './nodes.ts'
import { collectionPath, kindOf, nameOf, namespaceOf, pathOf } from './resources.ts'
import { seedAll } from './seed.ts'
import { openSeeding, type Seeding, until } from './seeding.ts'

const workloads = ['Deployment', 'StatefulSet', 'DaemonSet']

/** Everything as after the start: nodes back and uncordoned, then each object deleted and seeded again. @throws KubernetesError */
export async function resetPorttrack(kubeconfig: string, kubelet: Kubelet): Promise<void> {
  const seeding = await openSeeding(kubeconfig)
  try {
    await mendNodes(seeding, kubelet)
    const manifests = await readManifests()
    const own = manifests.filter((manifest) => kindOf(manifest) !== 'Namespace')
    await Promise.all(own.map((manifest) => remove(seeding, manifest)))
    await Promise.all(
      own.map((manifest) =>
        until(`${kindOf(manifest)} ${nameOf(manifest)} is gone`, () => gone(seeding, pathOf(manifest))),
      ),
    )
    const namespaces = [...new Set(own.map(namespaceOf))]
    await Promise.all(namespaces.map((namespace) => until(`${namespace} has no pods`, () => empty(seeding, namespace))))
    await seedAll(seeding, manifests)
  } finally {
    await seeding.close()
  }
}

async function mendNodes(seeding: Seeding, kubelet: Kubelet): Promise<void> {
  await startAllNodes(seeding.api, kubelet)
  const { items } = await seeding.api.client.list('/api/v1/nodes')
  for (const node of items.filter((one) => recordAt(one, 'spec')['unschedulable'] === true))
    await seeding.api.write({
      method: 'PATCH',
      patch: 'merge',
      path: `/api/v1/nodes/${nameOf(node)}`,
      body: { spec: { unschedulable: null } },
    })
}

/** In the foreground, so that nothing of it is left when it is gone. */
async function remove(seeding: Seeding, manifest: RawObject): Promise<void> {
  const propagationPolicy = workloads.includes(kindOf(manifest)) ? 'Foreground' : 'Background'
  try {
    await seeding.api.write({
      method: 'DELETE',
      path: pathOf(manifest),
      body: { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy },
    })
  } catch (error) {
    if (!hasStatus(error, 404)) throw error
  }
}

async function gone(seeding: Seeding, path: string): Promise<true | undefined> {
  try {
    await seeding.api.client.get(path)
    return undefined
  } catch (error) {
    if (hasStatus(error, 404)) return true
    throw error
  }
}

async function empty(seeding: Seeding, namespace: string): Promise<true | undefined> {
  const { items } = await seeding.api.client.list(collectionPath('Pod', namespace))
  const owned = items.filter((pod) =>
    listAt(pod, 'metadata', 'ownerReferences').some((owner) => textAt(owner, 'kind') !== 'Node'),
  )
  return owned.length === 0 ? true : undefined
}
