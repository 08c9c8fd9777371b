import { clone, type KubeObject } from '../json.ts'
import type { Pod } from '../kinds.ts'
import type { ResourceType } from '../schema/resources.ts'
import { conflict } from '../status.ts'
import { keyOf, type Store } from '../store/store.ts'
import { timestamp } from '../time.ts'

export type DeleteOptions = {
  readonly dryRun?: boolean
  readonly gracePeriodSeconds?: number
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
}

/**
 * Deletes as the API server does: pods get their grace, what has finalizers waits for them, the rest is gone at once.
 * @returns the object as it was left, and whether it is gone
 */
export function deleteObject(
  store: Store,
  type: ResourceType,
  object: KubeObject,
  options: DeleteOptions,
): { object: KubeObject; gone: boolean } {
  checkPreconditions(type, object, options)
  const key = keyOf(object.metadata.namespace, object.metadata.name)
  const finalizers = finalizersFor(object, options)
  const grace = object.kind === 'Pod' ? graceOf(object as Pod, options) : 0
  const waits = finalizers.length > 0 || object.kind === 'Namespace' || grace > 0
  if (options.dryRun === true) return { object, gone: !waits }
  if (!waits) {
    const last = store.remove(type.resource, key) ?? object
    return { object: object.kind === 'Pod' ? withDeletion(last, 0) : last, gone: true }
  }
  const known = object.metadata.deletionGracePeriodSeconds
  if (object.metadata.deletionTimestamp !== undefined && (known ?? 0) <= grace && sameFinalizers(object, finalizers))
    return { object, gone: false }
  const marked = withDeletion(clone(object), grace)
  if (finalizers.length > 0) marked.metadata.finalizers = finalizers
  if (marked.metadata.generation !== undefined) marked.metadata.generation += 1
  if (object.kind === 'Namespace') marked['status'] = { ...(marked['status'] as object), phase: 'Terminating' }
  return { object: store.put(type.resource, marked), gone: false }
}

function withDeletion(object: KubeObject, grace: number): KubeObject {
  const metadata = { ...object.metadata, deletionTimestamp: timestamp(Date.now() + grace * 1000) }
  return {
    ...object,
    metadata: object.kind === 'Namespace' ? metadata : { ...metadata, deletionGracePeriodSeconds: grace },
  }
}

function checkPreconditions(type: ResourceType, object: KubeObject, { preconditions }: DeleteOptions): void {
  const target = { group: type.group, resource: type.resource, name: object.metadata.name }
  const { uid, resourceVersion } = preconditions ?? {}
  if (uid !== undefined && uid !== object.metadata.uid)
    throw conflict(
      target,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${object.metadata.uid}`,
    )
  if (resourceVersion !== undefined && resourceVersion !== object.metadata.resourceVersion)
    throw conflict(
      target,
      `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${object.metadata.resourceVersion}`,
    )
}

/** The finalizers that the wanted propagation adds or takes away. */
function finalizersFor(object: KubeObject, { propagationPolicy }: DeleteOptions): string[] {
  const others = (object.metadata.finalizers ?? []).filter((one) => one !== 'foregroundDeletion' && one !== 'orphan')
  if (propagationPolicy === 'Foreground') return [...others, 'foregroundDeletion']
  if (propagationPolicy === 'Orphan') return [...others, 'orphan']
  return propagationPolicy === 'Background' ? others : (object.metadata.finalizers ?? [])
}

function sameFinalizers(object: KubeObject, finalizers: readonly string[]): boolean {
  return (object.metadata.finalizers ?? []).join() === finalizers.join()
}

/** Seconds that a pod gets: none when it was never placed on a node or has ended. */
function graceOf(pod: Pod, options: DeleteOptions): number {
  if (!pod.spec.nodeName || pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') return 0
  const wanted = options.gracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30
  const known = pod.metadata.deletionGracePeriodSeconds
  return known === undefined ? wanted : Math.min(wanted, known)
}
