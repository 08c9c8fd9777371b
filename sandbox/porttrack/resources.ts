import { type RawObject, textAt } from '../../src/services/kubernetes/api/json.ts'

/** kind -> its API and resource, for the kinds of this world. */
const places: Readonly<Record<string, readonly [api: string, resource: string]>> = {
  Namespace: ['/api/v1', 'namespaces'],
  ConfigMap: ['/api/v1', 'configmaps'],
  Secret: ['/api/v1', 'secrets'],
  Service: ['/api/v1', 'services'],
  Pod: ['/api/v1', 'pods'],
  Deployment: ['/apis/apps/v1', 'deployments'],
  ReplicaSet: ['/apis/apps/v1', 'replicasets'],
  StatefulSet: ['/apis/apps/v1', 'statefulsets'],
  DaemonSet: ['/apis/apps/v1', 'daemonsets'],
  ControllerRevision: ['/apis/apps/v1', 'controllerrevisions'],
  Ingress: ['/apis/networking.k8s.io/v1', 'ingresses'],
  PodDisruptionBudget: ['/apis/policy/v1', 'poddisruptionbudgets'],
}

/** Where objects of this kind are listed and created. @throws RangeError for a kind that this world does not have */
export function collectionPath(kind: string, namespace: string | undefined): string {
  const [api, resource] = places[kind] ?? []
  if (api === undefined) throw new RangeError(`${kind} is no kind of this world`)
  return namespace === undefined ? `${api}/${resource}` : `${api}/namespaces/${namespace}/${resource}`
}

export function collectionOf(object: RawObject): string {
  return collectionPath(kindOf(object), textAt(object, 'metadata', 'namespace'))
}

export function pathOf(object: RawObject): string {
  return `${collectionOf(object)}/${nameOf(object)}`
}

export const kindOf = (object: RawObject): string => textAt(object, 'kind') ?? ''
export const nameOf = (object: RawObject): string => textAt(object, 'metadata', 'name') ?? ''
export const namespaceOf = (object: RawObject): string => textAt(object, 'metadata', 'namespace') ?? ''
