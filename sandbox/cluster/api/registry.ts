import { randomUUID } from 'node:crypto'
import { applyConfiguration } from '../fields/apply.ts'
import { managerOf, recordUpdate, type Writer } from '../fields/managers.ts'
import { clone, deepEqual, isObject, type KubeObject } from '../json.ts'
import { type AdmissionOptions, admitCreate, isTerminating } from '../rules/admission.ts'
import { applyDefaults } from '../rules/defaults.ts'
import { completeCreate, prepareCreate, prepareUpdate, withStatus } from '../rules/prepare.ts'
import { validateObject, validateUpdate } from '../rules/validate.ts'
import { validateMetaUpdate } from '../rules/validate-meta.ts'
import { admit } from '../schema/admit.ts'
import { type ResourceType, resourceType, rootDefinition } from '../schema/resources.ts'
import {
  alreadyExists,
  badRequest,
  conflict,
  failure,
  forbidden,
  invalid,
  modifiedMessage,
  notFound,
  type Target,
} from '../status.ts'
import { keyOf, type Store } from '../store/store.ts'
import { timestamp } from '../time.ts'
import type { WriteOptions } from './context.ts'
import { type DeleteOptions, deleteObject } from './delete.ts'
import { randomSuffix } from './names.ts'

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
    decodeFault?: (after: unknown, fault: string) => Error,
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

export function createRegistry({ store, keepUnknown, admission }: RegistryOptions): Registry {
  const find = (resource: string, { namespace, name }: Reference) => store.get(resource, keyOf(namespace, name))?.object

  const get = (type: ResourceType, reference: Reference): KubeObject => {
    const found = find(type.resource, reference)
    if (found === undefined) throw notFound(targetOf(type, reference.name))
    return found
  }

  /** Decodes, tells of unknown fields, fills in defaults. */
  const decode = (
    type: ResourceType,
    body: unknown,
    options: WriteOptions,
    decodeFault?: (after: unknown, fault: string) => Error,
  ): KubeObject => {
    if (!isObject(body))
      throw badRequest(
        `the object provided is unrecognized (must be of type ${type.kind}): couldn't get version/kind; json parse error`,
      )
    const kind = body['kind'] ?? type.kind
    if (kind !== type.kind || (body['apiVersion'] ?? type.apiVersion) !== type.apiVersion)
      throw badRequest(
        `${String(kind)} in version ${JSON.stringify(versionOf(body['apiVersion'], type))} cannot be handled as a ${type.kind}: no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(body['apiVersion'] ?? type.apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
      )
    const read = admit({ ...body, kind: type.kind, apiVersion: type.apiVersion }, rootDefinition(type), keepUnknown)
    const fail = (fault: string) =>
      decodeFault?.(body, fault) ??
      badRequest(
        `${type.kind} in version ${JSON.stringify(type.version)} cannot be handled as a ${type.kind}: ${fault}`,
      )
    if (read.mistyped !== undefined) throw fail(read.mistyped)
    if (read.unknown.length > 0) {
      const faults = read.unknown.map((path) => `unknown field ${JSON.stringify(path)}`)
      if (options.fieldValidation === 'Strict') throw fail(`strict decoding error: ${faults.join(', ')}`)
      if (options.fieldValidation !== 'Ignore') for (const fault of faults) options.warn?.(fault)
    }
    const object = read.value as KubeObject
    applyDefaults(object)
    return object
  }

  const writerOf = (type: ResourceType, options: WriteOptions, subresource?: string): Writer => ({
    manager: managerOf(options.fieldManager, options.caller.userAgent),
    apiVersion: type.apiVersion,
    ...(subresource === undefined ? {} : { subresource }),
  })

  /** The object of zero values that a creation is compared with: only what was really set is owned. */
  const emptyOf = (type: ResourceType) =>
    admit({ kind: type.kind, apiVersion: type.apiVersion, metadata: {} }, rootDefinition(type), true)
      .value as KubeObject

  const store_ = (type: ResourceType, object: KubeObject, options: WriteOptions): KubeObject =>
    options.dryRun === true ? object : store.put(type.resource, object)

  const insert = (
    type: ResourceType,
    namespace: string | undefined,
    object: KubeObject,
    options: WriteOptions,
    own: (object: KubeObject) => void,
  ): KubeObject => {
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
    delete meta.deletionTimestamp
    delete meta.deletionGracePeriodSeconds
    prepareCreate(object)
    if (options.backdate === true && isObject(status) && Object.keys(status).length > 0) object['status'] = status
    applyDefaults(object)
    admitCreate(object, store, admission)
    const faults = validateObject(object)
    if (faults.length > 0) throw invalid(type.kind, type.group, meta.name ?? '', faults)
    if (find(type.resource, meta) !== undefined) throw alreadyExists(targetOf(type, meta.name))
    return store_(type, object, options)
  }

  const registry: Registry = {
    store,
    get,
    find,
    create: (type, namespace, body, options) => {
      const object = decode(type, body, options)
      delete object.metadata.managedFields
      return insert(type, namespace, object, options, (made) =>
        recordUpdate(emptyOf(type), made, rootDefinition(type), writerOf(type, options)),
      )
    },
    update: (type, reference, body, options, subresource) =>
      registry.change(type, reference, () => body, options, subresource),
    change: (type, reference, change, options, subresource, decodeFault) => {
      const before = get(type, reference)
      const after = decode(type, change(before), options, decodeFault)
      checkIdentity(type, reference, before, after)
      prepareUpdate(before, after, subresource)
      if (subresource !== 'status') applyDefaults(after)
      const faults = subresource === 'status' ? validateMetaUpdate(before, after) : validateUpdate(before, after)
      if (faults.length > 0) throw invalid(type.kind, type.group, before.metadata.name, faults)
      keepManagers(before, after)
      recordUpdate(before, after, rootDefinition(type), writerOf(type, options, subresource))
      return finish(type, before, after, options)
    },
    apply: (type, reference, config, options, subresource) => {
      if (!isObject(config)) throw badRequest('invalid object type: /, Kind=')
      const wanted = {
        ...config,
        metadata: {
          ...(isObject(config['metadata']) ? config['metadata'] : {}),
          name: reference.name,
          ...(type.namespaced ? { namespace: reference.namespace } : {}),
        },
      }
      if (config['kind'] === undefined || config['apiVersion'] === undefined)
        throw badRequest('invalid object type: /, Kind=')
      checkConfig(type, wanted, options, keepUnknown)
      const live = find(type.resource, reference)
      const claim = subresource === 'status' ? onlyStatus(wanted) : withoutStatus(wanted, type)
      const writer = writerOf(type, options, subresource)
      const merged = applyConfiguration(live, claim as KubeObject, rootDefinition(type), writer, options.force)
      const managers = merged.metadata.managedFields
      const object = decode(type, merged, options)
      if (live === undefined) {
        if (subresource !== undefined) throw notFound(targetOf(type, reference.name))
        return {
          created: true,
          object: insert(type, reference.namespace, object, options, (made) => assignManagers(made, managers)),
        }
      }
      checkIdentity(type, reference, live, object)
      prepareUpdate(live, object, subresource)
      applyDefaults(object)
      const faults = validateUpdate(live, object)
      if (faults.length > 0) throw invalid(type.kind, type.group, reference.name, faults)
      assignManagers(object, managers)
      return { created: false, object: finish(type, live, object, options) }
    },
    delete: (type, reference, options) => deleteObject(store, type, get(type, reference), options),
  }

  /** Writes an update, unless nothing changed; an object in deletion whose last finalizer went is removed. */
  const finish = (type: ResourceType, before: KubeObject, after: KubeObject, options: WriteOptions): KubeObject => {
    if (options.dryRun !== true && before.metadata.deletionTimestamp !== undefined && mayGo(after)) {
      store.remove(type.resource, keyOf(before.metadata.namespace, before.metadata.name))
      return after
    }
    after.metadata.resourceVersion = before.metadata.resourceVersion
    return deepEqual(before, after) ? before : store_(type, after, options)
  }

  return registry
}

function mayGo(object: KubeObject): boolean {
  const spec = object['spec']
  const held =
    object.kind === 'Namespace' && isObject(spec) && Array.isArray(spec['finalizers']) && spec['finalizers'].length > 0
  // A pod with grace left waits for its kubelet.
  const graceful = object.kind === 'Pod' && (object.metadata.deletionGracePeriodSeconds ?? 0) > 0
  return (object.metadata.finalizers ?? []).length === 0 && !held && !graceful
}

function assignManagers(object: KubeObject, managers: KubeObject['metadata']['managedFields']): void {
  if (managers === undefined) delete object.metadata.managedFields
  else object.metadata.managedFields = managers
}

/** A writer may reset managedFields (`[{}]`), not invent them. */
function keepManagers(before: KubeObject, after: KubeObject): void {
  const known = before.metadata.managedFields
  if (known === undefined) delete after.metadata.managedFields
  else after.metadata.managedFields = clone(known)
}

function checkConfig(type: ResourceType, config: unknown, options: WriteOptions, keepUnknown: boolean): void {
  const read = admit(config, rootDefinition(type), keepUnknown)
  if (isObject(config) && config['kind'] !== type.kind)
    throw badRequest(`${String(config['kind'])} cannot be handled as a ${type.kind}`)
  if (read.mistyped !== undefined) throw failure(500, '', `failed to create typed patch object: ${read.mistyped}`)
  if (read.unknown.length > 0 && options.fieldValidation === 'Strict')
    throw failure(
      500,
      '',
      `failed to create typed patch object (${nameOf(config, type)}): .${read.unknown[0]}: field not declared in schema`,
    )
}

function nameOf(config: unknown, type: ResourceType): string {
  const meta = isObject(config) && isObject(config['metadata']) ? config['metadata'] : {}
  return `${meta['namespace'] === undefined ? '' : `${String(meta['namespace'])}/`}${String(meta['name'])}; ${type.apiVersion}, Kind=${type.kind}`
}

function onlyStatus(config: Record<string, unknown>): Record<string, unknown> {
  return {
    apiVersion: config['apiVersion'],
    kind: config['kind'],
    metadata: config['metadata'],
    status: config['status'],
  }
}

function withoutStatus(config: Record<string, unknown>, type: ResourceType): Record<string, unknown> {
  if (!withStatus.has(type.kind)) return config
  const { status: _status, ...rest } = config
  return rest
}

function versionOf(apiVersion: unknown, type: ResourceType): string {
  return typeof apiVersion === 'string' ? (apiVersion.split('/').at(-1) ?? '') : type.version
}

export function targetOf(type: ResourceType, name?: string): Target {
  return { group: type.group, resource: type.resource, ...(name === undefined || name === '' ? {} : { name }) }
}

function placeInNamespace(type: ResourceType, namespace: string | undefined, object: KubeObject, store: Store): void {
  if (!type.namespaced) {
    delete object.metadata.namespace
    return
  }
  if (object.metadata.namespace && namespace !== undefined && object.metadata.namespace !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  const place = namespace ?? object.metadata.namespace ?? 'default'
  object.metadata.namespace = place
  const found = store.get('namespaces', place)?.object
  if (found === undefined) throw notFound(targetOf(resourceType('namespaces'), place))
  if (!isTerminating(found)) return
  const error = forbidden(
    targetOf(type, object.metadata.name),
    `unable to create new content in namespace ${place} because it is being terminated`,
  )
  error.status.details = {
    ...error.status.details,
    causes: [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${place} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  }
  throw error
}

/** Name, namespace, uid and version of a replacement must be those of the object. */
function checkIdentity(type: ResourceType, reference: Reference, before: KubeObject, after: KubeObject): void {
  const meta = after.metadata
  if (meta.name && meta.name !== reference.name)
    throw badRequest(`the name of the object (${meta.name}) does not match the name on the URL (${reference.name})`)
  meta.name = before.metadata.name
  if (type.namespaced && meta.namespace && meta.namespace !== before.metadata.namespace)
    throw badRequest(
      `the namespace of the object (${meta.namespace}) does not match the namespace on the URL (${before.metadata.namespace})`,
    )
  if (before.metadata.namespace !== undefined) meta.namespace = before.metadata.namespace
  if (meta.resourceVersion && meta.resourceVersion !== before.metadata.resourceVersion)
    throw conflict(targetOf(type, reference.name), modifiedMessage)
  meta.uid ||= before.metadata.uid
  meta.creationTimestamp ||= before.metadata.creationTimestamp
}
