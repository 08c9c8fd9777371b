import { type DiscoveredGroup, type DiscoveredResource, groups } from '../schema/resources.ts'

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/** What the discovery addresses answer. @returns undefined for another address */
export function discovery(path: string, accept: string): { body: object; contentType?: string } | undefined {
  const parts = path.split('/').filter((part) => part !== '')
  const aggregated = accept.includes('g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList')
  if (path === '/api')
    return aggregated
      ? { body: aggregate(groups.filter((one) => one.group === '')), contentType: aggregatedType }
      : {
          body: {
            kind: 'APIVersions',
            versions: ['v1'],
            serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1' }],
          },
        }
  if (path === '/apis')
    return aggregated
      ? { body: aggregate(groups.filter((one) => one.group !== '')), contentType: aggregatedType }
      : {
          body: {
            kind: 'APIGroupList',
            apiVersion: 'v1',
            groups: groups.filter((one) => one.group !== '').map(groupOf),
          },
        }
  if (parts[0] === 'api' && parts.length === 2)
    return resourceList(groups.find((one) => one.group === '' && one.version === parts[1]))
  if (parts[0] === 'apis' && parts.length === 2) {
    const group = groups.find((one) => one.group === parts[1])
    return group === undefined ? undefined : { body: { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group) } }
  }
  if (parts[0] === 'apis' && parts.length === 3)
    return resourceList(groups.find((one) => one.group === parts[1] && one.version === parts[2]))
  return undefined
}

function groupOf({ group, version }: DiscoveredGroup): object {
  const preferred = { groupVersion: `${group}/${version}`, version }
  return { name: group, versions: [preferred], preferredVersion: preferred }
}

function aggregate(chosen: readonly DiscoveredGroup[]): object {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: chosen.map(({ group, version, resources }) => ({
      metadata: { ...(group === '' ? {} : { name: group }), creationTimestamp: null },
      versions: [{ version, resources, freshness: 'Current' }],
    })),
  }
}

function resourceList(group: DiscoveredGroup | undefined): { body: object } | undefined {
  if (group === undefined) return undefined
  const groupVersion = group.group === '' ? group.version : `${group.group}/${group.version}`
  return {
    body: {
      kind: 'APIResourceList',
      ...(group.group === '' ? {} : { apiVersion: 'v1' }),
      groupVersion,
      resources: group.resources.flatMap(entriesOf),
    },
  }
}

function entriesOf(one: DiscoveredResource): object[] {
  const namespaced = one.scope === 'Namespaced'
  const own = {
    name: one.resource,
    singularName: one.singularResource,
    namespaced,
    kind: one.responseKind.kind,
    verbs: one.verbs,
    ...(one.shortNames === undefined ? {} : { shortNames: one.shortNames }),
    ...(one.categories === undefined ? {} : { categories: one.categories }),
  }
  const below = (one.subresources ?? []).map((sub) => ({
    name: `${one.resource}/${sub.subresource}`,
    singularName: '',
    namespaced,
    ...(sub.responseKind.group === '' ? {} : { group: sub.responseKind.group, version: sub.responseKind.version }),
    kind: sub.responseKind.kind,
    verbs: sub.verbs,
  }))
  return [own, ...below]
}
