import { hasStatus } from '../../src/services/kubernetes/api/errors.ts'
import { type RawObject, recordAt, textAt } from '../../src/services/kubernetes/api/json.ts'
import { pause } from '../../src/services/kubernetes/api/pause.ts'
import { type Api, connectApi } from '../kubelet/api.ts'
import { collectionOf, kindOf, nameOf } from './resources.ts'

/** How this world is put into a cluster. */
export type Seeding = {
  readonly api: Api
  /** The cluster is the simulated one: objects may be dated in the past, and have a status from the start. */
  readonly simulated: boolean
  /** Creates an object; one of this name that is there already stays. @throws KubernetesError */
  create(object: RawObject, dated?: string): Promise<RawObject>
  close(): Promise<void>
}

export async function openSeeding(kubeconfig: string): Promise<Seeding> {
  const api = connectApi(kubeconfig, 'kubectl-client-side-apply')
  try {
    const simulated = await isSimulated(api)
    return {
      api,
      simulated,
      create: (object, dated) => create(api, object, simulated ? dated : undefined),
      close: () => api.close(),
    }
  } catch (error) {
    await api.close()
    throw error
  }
}

/** Only the simulated cluster has this address. */
async function isSimulated(api: Api): Promise<boolean> {
  try {
    await api.client.get('/sandbox/faults')
    return true
  } catch (error) {
    if (hasStatus(error, 403, 404)) return false
    throw error
  }
}

async function create(api: Api, object: RawObject, dated: string | undefined): Promise<RawObject> {
  const body =
    dated === undefined
      ? object
      : { ...object, metadata: { ...recordAt(object, 'metadata'), creationTimestamp: dated } }
  try {
    return await api.write({
      method: 'POST',
      path: collectionOf(object),
      body,
      ...(dated === undefined ? {} : { headers: { 'x-sandbox-backdate': 'true' } }),
    })
  } catch (error) {
    if (!hasStatus(error, 409)) throw error
    return { kind: kindOf(object), ...(await api.client.get(`${collectionOf(object)}/${nameOf(object)}`)) }
  }
}

/** @throws Error naming what was waited for, after 20 s */
export async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 20_000
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Error(`waited 20 s in vain until ${what}`)
    await pause(200)
  }
}

/** A controller's mark on what it owns. */
export function ownedBy(owner: RawObject): RawObject {
  return {
    apiVersion: 'apps/v1',
    kind: kindOf(owner),
    name: nameOf(owner),
    uid: textAt(owner, 'metadata', 'uid'),
    controller: true,
    blockOwnerDeletion: true,
  }
}
