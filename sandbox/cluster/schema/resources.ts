import { type Definition, definitionNamed, definitionOf, load } from './definitions.ts'

export type ResourceType = {
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly kind: string
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  readonly subresources: readonly string[]
  readonly definition: Definition
  /** `v1` or `apps/v1`. */
  readonly apiVersion: string
}

/** One entry of the discovery document, as recorded from a real API server. */
export type DiscoveredResource = {
  readonly resource: string
  readonly responseKind: { readonly kind: string }
  readonly scope: 'Namespaced' | 'Cluster'
  readonly singularResource: string
  readonly verbs: readonly string[]
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly subresources?: readonly {
    readonly subresource: string
    readonly responseKind: { group: string; version: string; kind: string }
    readonly verbs: readonly string[]
  }[]
}

export type DiscoveredGroup = {
  readonly group: string
  readonly version: string
  readonly resources: readonly DiscoveredResource[]
}

export const groups = load<readonly DiscoveredGroup[]>('resources.json')

export const resourceTypes: readonly ResourceType[] = groups.flatMap(({ group, version, resources }) =>
  resources.map((one) => ({
    group,
    version,
    resource: one.resource,
    kind: one.responseKind.kind,
    namespaced: one.scope === 'Namespaced',
    verbs: one.verbs,
    subresources: (one.subresources ?? []).map((sub) => sub.subresource),
    definition: definitionNamed(definitionOf(group, version, one.responseKind.kind)),
    apiVersion: group === '' ? version : `${group}/${version}`,
  })),
)

const byName = new Map(resourceTypes.map((type) => [type.resource, type]))
const byKind = new Map(resourceTypes.map((type) => [type.kind, type]))

/** The type of a plural name; names are unique among what is served. @throws Error for one that is not served */
export function resourceType(resource: string): ResourceType {
  const type = byName.get(resource)
  if (type === undefined) throw new Error(`not served: ${resource}`)
  return type
}

export function typeOfKind(kind: string): ResourceType | undefined {
  return byKind.get(kind)
}

export function findType(group: string, version: string, resource: string): ResourceType | undefined {
  const type = byName.get(resource)
  return type !== undefined && type.group === group && type.version === version ? type : undefined
}

/** A definition whose first reference is itself, for walks that name the struct. */
export function rootDefinition(type: ResourceType): Definition {
  return { $ref: `#/definitions/${definitionOf(type.group, type.version, type.kind)}` }
}
