import type { KubeObject } from '../json.ts'
import { controllerOf } from '../kinds.ts'
import type { Change, Store } from '../store/store.ts'

/** Who owns what, kept up to date from the store, so that a controller never reads all pods to find its own. */
export type OwnerIndex = {
  /** Objects of a resource whose controller has this uid. */
  controlled(resource: string, uid: string): readonly KubeObject[]
  /** Everything that names this uid among its owners, by resource. */
  dependents(uid: string): readonly { readonly resource: string; readonly object: KubeObject }[]
  /** Objects of a resource in a namespace that no controller owns. */
  orphans(resource: string, namespace: string): readonly KubeObject[]
  /** Takes a change in; called before the controllers hear of it. */
  note(change: Change): void
}

type Slot = Map<string, string>

export function createOwnerIndex(store: Store): OwnerIndex {
  const controlled = new Map<string, Slot>()
  const owned = new Map<string, Slot>()
  const orphans = new Map<string, Slot>()

  const put = (map: Map<string, Slot>, slot: string, id: string, resource: string) => {
    const found = map.get(slot) ?? new Map<string, string>()
    found.set(id, resource)
    map.set(slot, found)
  }
  const take = (map: Map<string, Slot>, slot: string, id: string) => {
    const found = map.get(slot)
    found?.delete(id)
    if (found?.size === 0) map.delete(slot)
  }
  const place = (resource: string, key: string, object: KubeObject, change: typeof put | typeof take) => {
    const id = `${resource} ${key}`
    for (const owner of object.metadata.ownerReferences ?? []) change(owned, owner.uid, id, resource)
    const controller = controllerOf(object)
    if (controller !== undefined) change(controlled, `${resource} ${controller.uid}`, id, resource)
    else if (object.metadata.namespace !== undefined && adoptable.has(resource))
      change(orphans, `${resource} ${object.metadata.namespace}`, id, resource)
  }
  const read = (slot: Slot | undefined): { resource: string; object: KubeObject }[] => {
    const out: { resource: string; object: KubeObject }[] = []
    for (const [id, resource] of slot ?? []) {
      const entry = store.get(resource, id.slice(resource.length + 1))
      if (entry !== undefined) out.push({ resource, object: entry.object })
    }
    return out
  }

  return {
    controlled: (resource, uid) => read(controlled.get(`${resource} ${uid}`)).map((one) => one.object),
    dependents: (uid) => read(owned.get(uid)),
    orphans: (resource, namespace) => read(orphans.get(`${resource} ${namespace}`)).map((one) => one.object),
    note: ({ resource, entry, before, type }) => {
      if (
        before !== undefined &&
        type === 'MODIFIED' &&
        before.object.metadata.ownerReferences === entry.object.metadata.ownerReferences &&
        before.object.metadata.ownerReferences === undefined
      )
        return
      if (before !== undefined) place(resource, before.key, before.object, take)
      if (type !== 'DELETED') place(resource, entry.key, entry.object, put)
    },
  }
}

/** What a controller may adopt. */
const adoptable = new Set(['pods', 'replicasets', 'controllerrevisions'])
