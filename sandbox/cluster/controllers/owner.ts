import { clone, type KubeObject, type OwnerReference } from '../json.ts'
import { specSelector } from '../store/selectors.ts'
import type { World } from './run.ts'

/** The reference that makes an object the controller of what it owns. */
export function ownerReference(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  }
}

/** What an owner controls, after adopting orphans that match its selector and releasing what no longer does. */
export function claim<T extends KubeObject>(world: World, resource: string, owner: KubeObject, selector: unknown): T[] {
  const { uid, namespace = '', deletionTimestamp } = owner.metadata
  const matches = specSelector(selector)
  const fits = (one: KubeObject) => matches(one.metadata.labels ?? {})
  const own = world.index.controlled(resource, uid) as T[]
  if (deletionTimestamp !== undefined) return own.filter(fits)
  for (const one of own) if (!fits(one) && one.metadata.deletionTimestamp === undefined) release(world, one, uid)
  const orphans = (world.index.orphans(resource, namespace) as T[]).filter(
    (one) => one.metadata.deletionTimestamp === undefined && fits(one),
  )
  return [...own.filter(fits), ...orphans.map((one) => adopt(world, one, owner))]
}

function adopt<T extends KubeObject>(world: World, orphan: T, owner: KubeObject): T {
  const copy = clone(orphan)
  copy.metadata.ownerReferences = [...(copy.metadata.ownerReferences ?? []), ownerReference(owner)]
  return world.update(copy)
}

function release(world: World, object: KubeObject, uid: string): void {
  const copy = clone(object)
  copy.metadata.ownerReferences = (copy.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid)
  world.update(copy)
}
