import { isObject, type KubeObject } from '../json.ts'
import { type ResourceType, resourceType } from '../schema/resources.ts'
import { badRequest, conflict, forbidden, modifiedMessage, notFound, type Target } from '../status.ts'
import type { Store } from '../store/store.ts'
import type { Reference } from './registry.ts'

export function targetOf(type: ResourceType, name?: string): Target {
  return { group: type.group, resource: type.resource, ...(name === undefined || name === '' ? {} : { name }) }
}

/** Puts a new object into its namespace. @throws ApiError 400 for another one than the address names, 404, 403 while it is deleted */
export function placeInNamespace(
  type: ResourceType,
  namespace: string | undefined,
  object: KubeObject,
  store: Store,
): void {
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
  if (!isObject(found) || found.metadata.deletionTimestamp === undefined) return
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
export function checkIdentity(type: ResourceType, reference: Reference, before: KubeObject, after: KubeObject): void {
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
