import { clone, type KubeObject } from '../json.ts'
import { type ResourceType, resourceTypes, typeOfKind } from '../schema/resources.ts'
import { type Change, keyOf } from '../store/store.ts'
import type { Controller, World } from './run.ts'

/**
 * Deletes what lost its owners: in the background, in the foreground (dependents first) or orphaning them; after
 * pkg/controller/garbagecollector. Keys are `resource namespace/name` of objects with owners, and `uid UID` of owners that went.
 */
export const garbageController: Controller = { name: 'garbage', keysOf, sync }

function keysOf(change: Change): string[] {
  const { object, key } = change.entry
  const keys: string[] = []
  if (change.type === 'DELETED') {
    keys.push(`uid ${object.metadata.uid}`)
    // An owner in foreground deletion waits for this one.
    for (const owner of object.metadata.ownerReferences ?? []) {
      const type = typeOfKind(owner.kind)
      if (type !== undefined)
        keys.push(`${type.resource} ${keyOf(type.namespaced ? object.metadata.namespace : undefined, owner.name)}`)
    }
  } else if (
    object.metadata.deletionTimestamp !== undefined ||
    (change.type === 'ADDED' && object.metadata.ownerReferences !== undefined)
  )
    keys.push(`${change.resource} ${key}`)
  return keys
}

function sync(key: string, world: World): undefined {
  const [kind = '', rest = ''] = key.split(' ')
  if (kind === 'uid') {
    for (const one of world.index.dependents(rest)) collect(world, one.object)
    return
  }
  const object = world.registry.store.get(kind, rest)?.object
  if (object === undefined) return
  if (object.metadata.deletionTimestamp !== undefined) finalize(world, object)
  else collect(world, object)
}

/** Deletes an object all of whose owners are gone. */
function collect(world: World, object: KubeObject): void {
  const owners = object.metadata.ownerReferences ?? []
  if (owners.length === 0 || object.metadata.deletionTimestamp !== undefined) return
  const alive = owners.filter((owner) => exists(world, object, owner))
  if (alive.length === 0) world.remove(object)
  else if (alive.length < owners.length) {
    const copy = clone(object)
    copy.metadata.ownerReferences = alive
    world.update(copy)
  }
}

function exists(world: World, object: KubeObject, owner: { kind: string; name: string; uid: string }): boolean {
  const type = typeOfKind(owner.kind)
  // An owner of a kind that is not served cannot be looked up; the real collector leaves its dependents alone too.
  if (type === undefined) return true
  return (
    world.find(type.resource, type.namespaced ? object.metadata.namespace : undefined, owner.name)?.metadata.uid ===
    owner.uid
  )
}

function finalize(world: World, object: KubeObject): void {
  const finalizers = object.metadata.finalizers ?? []
  const dependents = world.index.dependents(object.metadata.uid)
  if (finalizers.includes('orphan')) {
    for (const { object: one } of dependents) {
      const copy = clone(one)
      copy.metadata.ownerReferences = (copy.metadata.ownerReferences ?? []).filter(
        (owner) => owner.uid !== object.metadata.uid,
      )
      if (copy.metadata.ownerReferences.length === 0) delete copy.metadata.ownerReferences
      world.update(copy)
    }
    dropFinalizer(world, object, 'orphan')
  } else if (finalizers.includes('foregroundDeletion')) {
    for (const { object: one } of dependents)
      if (one.metadata.deletionTimestamp === undefined)
        world.registry.delete(
          typeOf(one),
          { namespace: one.metadata.namespace, name: one.metadata.name },
          world.index.dependents(one.metadata.uid).length > 0 ? { propagationPolicy: 'Foreground' } : {},
        )
    const blocking = world.index
      .dependents(object.metadata.uid)
      .filter(({ object: one }) =>
        one.metadata.ownerReferences?.some(
          (owner) => owner.uid === object.metadata.uid && owner.blockOwnerDeletion === true,
        ),
      )
    if (blocking.length === 0) dropFinalizer(world, object, 'foregroundDeletion')
  }
}

function typeOf(object: KubeObject): ResourceType {
  const type = resourceTypes.find((one) => one.kind === object.kind)
  if (type === undefined) throw new Error(`not served: ${object.kind}`)
  return type
}

function dropFinalizer(world: World, object: KubeObject, name: string): void {
  const copy = clone(object)
  copy.metadata.finalizers = (copy.metadata.finalizers ?? []).filter((one) => one !== name)
  world.update(copy)
}
