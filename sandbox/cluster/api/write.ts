import { randomUUID } from 'node:crypto'
import { managerOf, recordUpdate, type Writer } from '../fields/managers.ts'
import { deepEqual, isObject, type KubeObject } from '../json.ts'
import { admitCreate } from '../rules/admission.ts'
import { applyDefaults } from '../rules/defaults.ts'
import { completeCreate, prepareCreate, prepareUpdate, withStatus } from '../rules/prepare.ts'
import { validateObject, validateUpdate } from '../rules/validate.ts'
import { validateMetaUpdate } from '../rules/validate-meta.ts'
import { type ResourceType, rootDefinition } from '../schema/resources.ts'
import { alreadyExists, badRequest, invalid } from '../status.ts'
import { keyOf, type Store } from '../store/store.ts'
import { timestamp } from '../time.ts'
import type { WriteOptions } from './context.ts'
import { type DecodeFault, decode, emptyOf } from './decode.ts'
import { checkIdentity, placeInNamespace, targetOf } from './identity.ts'
import { randomSuffix } from './names.ts'
import type { Change, Reference, RegistryOptions } from './registry.ts'

/** Creates an object from a body. @throws ApiError */
export function createIn(
  core: RegistryOptions,
  type: ResourceType,
  namespace: string | undefined,
  body: unknown,
  options: WriteOptions,
): KubeObject {
  const object = decode(type, body, options, core.keepUnknown)
  delete object.metadata.managedFields
  return insertIn(core, type, namespace, object, options, (made) =>
    recordUpdate(emptyOf(type), made, rootDefinition(type), writerOf(type, options)),
  )
}

/** What was created in the past was also written then. */
function backdateOwners(meta: KubeObject['metadata']): void {
  for (const entry of meta.managedFields ?? [])
    if (entry.time !== undefined && meta.creationTimestamp) entry.time = meta.creationTimestamp
}

/** Stores a new object that is decoded; `own` says who owns its fields. @throws ApiError */
export function insertIn(
  { store, admission }: RegistryOptions,
  type: ResourceType,
  namespace: string | undefined,
  object: KubeObject,
  options: WriteOptions,
  own: (object: KubeObject) => void,
): KubeObject {
  placeInNamespace(type, namespace, object, store)
  const meta = object.metadata
  if (meta.resourceVersion) throw badRequest('resourceVersion should not be set on objects to be created')
  if (!meta.name && meta.generateName) meta.name = `${meta.generateName.slice(0, 58)}${randomSuffix(5)}`
  meta.uid = randomUUID()
  if (options.backdate !== true || !meta.creationTimestamp) meta.creationTimestamp = timestamp()
  const status = object['status']
  // What the server itself adds from here on belongs to nobody.
  if (withStatus.has(type.kind) && type.kind !== 'Node') delete object['status']
  completeCreate(object)
  own(object)
  if (options.backdate === true) backdateOwners(meta)
  delete meta.deletionTimestamp
  delete meta.deletionGracePeriodSeconds
  prepareCreate(object)
  if (options.backdate === true && isObject(status) && Object.keys(status).length > 0) object['status'] = status
  applyDefaults(object)
  admitCreate(object, store, admission)
  const faults = validateObject(object)
  if (faults.length > 0) throw invalid(type.kind, type.group, meta.name ?? '', faults)
  if (store.get(type.resource, keyOf(meta.namespace, meta.name)) !== undefined)
    throw alreadyExists(targetOf(type, meta.name))
  return stored(store, type, object, options)
}

/** Reads, changes and writes. @throws ApiError */
export function changeIn(
  core: RegistryOptions,
  type: ResourceType,
  reference: Reference,
  before: KubeObject,
  change: Change,
  options: WriteOptions,
  subresource?: string,
  decodeFault?: DecodeFault,
): KubeObject {
  const after = decode(type, change(before), options, core.keepUnknown, decodeFault)
  checkIdentity(type, reference, before, after)
  prepareUpdate(before, after, subresource)
  if (subresource !== 'status') applyDefaults(after)
  const faults = subresource === 'status' ? validateMetaUpdate(before, after) : validateUpdate(before, after)
  if (faults.length > 0) throw invalid(type.kind, type.group, before.metadata.name, faults)
  recordUpdate(before, after, rootDefinition(type), writerOf(type, options, subresource))
  return finish(core.store, type, before, after, options)
}

/** Writes an update, unless nothing changed; an object in deletion whose last finalizer went is removed. */
export function finish(
  store: Store,
  type: ResourceType,
  before: KubeObject,
  after: KubeObject,
  options: WriteOptions,
): KubeObject {
  if (options.dryRun !== true && before.metadata.deletionTimestamp !== undefined && mayGo(after)) {
    store.remove(type.resource, keyOf(before.metadata.namespace, before.metadata.name))
    return after
  }
  after.metadata.resourceVersion = before.metadata.resourceVersion
  return deepEqual(before, after) ? before : stored(store, type, after, options)
}

export function writerOf(type: ResourceType, options: WriteOptions, subresource?: string): Writer {
  return {
    manager: managerOf(options.fieldManager, options.caller.userAgent),
    apiVersion: type.apiVersion,
    ...(subresource === undefined ? {} : { subresource }),
  }
}

function stored(store: Store, type: ResourceType, object: KubeObject, options: WriteOptions): KubeObject {
  return options.dryRun === true ? object : store.put(type.resource, object)
}

function mayGo(object: KubeObject): boolean {
  const spec = object['spec']
  const held =
    object.kind === 'Namespace' && isObject(spec) && Array.isArray(spec['finalizers']) && spec['finalizers'].length > 0
  // A pod with grace left waits for its kubelet.
  const graceful = object.kind === 'Pod' && (object.metadata.deletionGracePeriodSeconds ?? 0) > 0
  return (object.metadata.finalizers ?? []).length === 0 && !held && !graceful
}
