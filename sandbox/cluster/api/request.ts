import { findType, groups, type ResourceType } from '../schema/resources.ts'

/** What a path names. */
export type Place = {
  readonly type: ResourceType
  readonly namespace: string | undefined
  readonly name: string | undefined
  readonly subresource: string | undefined
}

/** Reads `/api/v1/namespaces/x/pods/y/log`. @returns undefined for what is no resource; `unknown` for a resource that is not served */
export function placeOf(path: string): Place | 'unknown' | undefined {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent)
  const [root, ...rest] = parts
  if (root === 'api') return rest.length < 2 ? undefined : inGroup('', rest[0] ?? '', rest.slice(1))
  if (root === 'apis') return rest.length < 3 ? undefined : inGroup(rest[0] ?? '', rest[1] ?? '', rest.slice(2))
  return undefined
}

function inGroup(group: string, version: string, rest: readonly string[]): Place | 'unknown' | undefined {
  if (!groups.some((one) => one.group === group && one.version === version)) return undefined
  const namespaced = rest[0] === 'namespaces' && rest.length > 2 && rest[2] !== 'status' && rest[2] !== 'finalize'
  const [resource = '', name, ...more] = namespaced ? rest.slice(2) : rest
  const type = findType(group, version, resource)
  if (type === undefined || (namespaced && !type.namespaced)) return 'unknown'
  const subresource = more.length === 0 ? undefined : more.join('/')
  if (subresource !== undefined && !type.subresources.includes(subresource)) return 'unknown'
  return { type, namespace: namespaced ? rest[1] : undefined, name, subresource }
}

/** The verb of the API that a method means, as rights and audit name it. */
export function verbOf(method: string, place: Place, query: URLSearchParams): string {
  if (method === 'GET' || method === 'HEAD') {
    if (place.name !== undefined) return 'get'
    return isTrue(query.get('watch')) ? 'watch' : 'list'
  }
  if (method === 'DELETE') return place.name === undefined ? 'deletecollection' : 'delete'
  return { POST: 'create', PUT: 'update', PATCH: 'patch' }[method] ?? method.toLowerCase()
}

export function isTrue(value: string | null): boolean {
  return value === '1' || value === 'true'
}
