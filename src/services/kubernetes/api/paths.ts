/** Where things live in the API, and what a path asks for. */

export type WorkloadKind = 'deployment' | 'statefulset' | 'daemonset'

/** A workload in the cluster of the client at hand. */
export type WorkloadAddress = { readonly namespace: string; readonly kind: WorkloadKind; readonly name: string }

export function workloadPath(address: WorkloadAddress): string {
  return `${inNamespace('/apis/apps/v1', address.namespace, `${address.kind}s`)}/${encodeURIComponent(address.name)}`
}

/** ReplicaSets carry the history of a Deployment, ControllerRevisions that of the others. */
export function historyPath(address: WorkloadAddress): string {
  const resource = address.kind === 'deployment' ? 'replicasets' : 'controllerrevisions'
  return inNamespace('/apis/apps/v1', address.namespace, resource)
}

export function inNamespace(api: string, namespace: string, resource: string): string {
  return `${api}/namespaces/${encodeURIComponent(namespace)}/${resource}`
}

export function podsPath(namespace: string, name?: string): string {
  const path = inNamespace('/api/v1', namespace, 'pods')
  return name === undefined ? path : `${path}/${encodeURIComponent(name)}`
}

/** `/api/v1/namespaces/a/pods/b/log` asks for `pods/log` of `b`. */
export function describePath(path: string): { readonly resource: string; readonly named: boolean } {
  const parts = path.split('/').filter((part) => part !== '')
  const rest = parts[0] === 'api' ? parts.slice(2) : parts[0] === 'apis' ? parts.slice(3) : []
  const inside = rest[0] === 'namespaces' && rest.length > 2 ? rest.slice(2) : rest
  const [resource, name, subresource] = inside
  if (resource === undefined) return { resource: path, named: true }
  return { resource: subresource === undefined ? resource : `${resource}/${subresource}`, named: name !== undefined }
}

/** The verb that rights are written with. */
export function verbOf(method: string, named: boolean, watching: boolean): string {
  if (watching) return 'watch'
  if (method === 'GET') return named ? 'get' : 'list'
  if (method === 'POST') return 'create'
  if (method === 'PUT') return 'update'
  return method.toLowerCase()
}
