import type { KubeObject } from '../json.ts'
import type { AdmissionOptions } from '../rules/admission.ts'
import type { ResourceType } from '../schema/resources.ts'
import { notFound } from '../status.ts'
import { keyOf, type Store } from '../store/store.ts'
import { applyTo } from './apply-config.ts'
import type { WriteOptions } from './context.ts'
import type { DecodeFault } from './decode.ts'
import { type DeleteOptions, deleteObject } from './delete.ts'
import { targetOf } from './identity.ts'
import { changeIn, createIn } from './write.ts'

export type Reference = { readonly namespace?: string | undefined; readonly name: string }
export type Change = (before: KubeObject) => unknown

/** The API's verbs, the same for HTTP and for the controllers. All throw ApiError; nothing is half done. */
export type Registry = {
  readonly store: Store
  get(type: ResourceType, reference: Reference): KubeObject
  find(resource: string, reference: Reference): KubeObject | undefined
  create(type: ResourceType, namespace: string | undefined, body: unknown, options: WriteOptions): KubeObject
  /** Replaces an object, or its status. */
  update(
    type: ResourceType,
    reference: Reference,
    body: unknown,
    options: WriteOptions,
    subresource?: string,
  ): KubeObject
  /** Reads, changes and writes in one go; what `change` gives back is the new object. `decodeFault` words what a strict patch brought. */
  change(
    type: ResourceType,
    reference: Reference,
    change: Change,
    options: WriteOptions,
    subresource?: string,
    decodeFault?: DecodeFault,
  ): KubeObject
  /** Server-side apply. @returns the object, and whether it is new */
  apply(
    type: ResourceType,
    reference: Reference,
    config: unknown,
    options: WriteOptions & { readonly force: boolean },
    subresource?: string,
  ): { object: KubeObject; created: boolean }
  delete(type: ResourceType, reference: Reference, options: DeleteOptions): { object: KubeObject; gone: boolean }
}

export type RegistryOptions = {
  readonly store: Store
  readonly keepUnknown: boolean
  readonly admission: AdmissionOptions
}

export function createRegistry(options: RegistryOptions): Registry {
  const { store } = options
  const find = (resource: string, { namespace, name }: Reference) => store.get(resource, keyOf(namespace, name))?.object
  const get = (type: ResourceType, reference: Reference): KubeObject => {
    const found = find(type.resource, reference)
    if (found === undefined) throw notFound(targetOf(type, reference.name))
    return found
  }
  return {
    store,
    get,
    find,
    create: (type, namespace, body, write) => createIn(options, type, namespace, body, write),
    update: (type, reference, body, write, subresource) =>
      changeIn(options, type, reference, get(type, reference), () => body, write, subresource),
    change: (type, reference, change, write, subresource, decodeFault) =>
      changeIn(options, type, reference, get(type, reference), change, write, subresource, decodeFault),
    apply: (type, reference, config, write, subresource) =>
      applyTo(options, type, reference, find(type.resource, reference), config, write, subresource),
    delete: (type, reference, write) => deleteObject(store, type, get(type, reference), write),
  }
}
