import { createHash } from 'node:crypto'
import { definitions } from '../schema/definitions.ts'
import { type DiscoveredGroup, groups, type ResourceType, resourceTypes } from '../schema/resources.ts'

const verbs = { get: 'get', put: 'update', patch: 'patch', delete: 'delete' } as const
const queryParameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force']

/** The schema documents, enough for kubectl's apply, patch and explain. @returns undefined for another address */
export function openapi(path: string): object | undefined {
  if (path === '/openapi/v2')
    return { swagger: '2.0', info: { title: 'Kubernetes', version: 'v1.36.3' }, paths: {}, definitions }
  if (path === '/openapi/v3')
    return {
      paths: Object.fromEntries(
        groups.map((group) => [
          pathOf(group),
          { serverRelativeURL: `/openapi/v3/${pathOf(group)}?hash=${hashOf(group)}` },
        ]),
      ),
    }
  const group = groups.find((one) => path === `/openapi/v3/${pathOf(one)}`)
  return group === undefined ? undefined : document(group)
}

function pathOf({ group, version }: DiscoveredGroup): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`
}

function hashOf(group: DiscoveredGroup): string {
  return createHash('sha256').update(JSON.stringify(group)).digest('hex').toUpperCase()
}

function document(group: DiscoveredGroup): object {
  const types = resourceTypes.filter((type) => type.group === group.group && type.version === group.version)
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.36.3' },
    paths: Object.fromEntries(types.flatMap((type) => pathsOf(type, `/${pathOf(group)}`))),
    components: { schemas: schemas() },
  }
}

function pathsOf(type: ResourceType, base: string): [string, object][] {
  const gvk = { group: type.group, version: type.version, kind: type.kind }
  const root = `${base}/${type.namespaced ? 'namespaces/{namespace}/' : ''}${type.resource}`
  const operation = (action: string) => ({
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
    parameters: queryParameters.map((name) => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } })),
    responses: { 200: { description: 'OK' } },
  })
  const one = Object.fromEntries(Object.entries(verbs).map(([method, action]) => [method, operation(action)]))
  return [
    [root, { get: operation('list'), post: operation('post') }],
    [`${root}/{name}`, one],
  ]
}

let converted: object | undefined

/** The definitions with the references of version 3. */
function schemas(): object {
  converted ??= JSON.parse(JSON.stringify(definitions).replaceAll('#/definitions/', '#/components/schemas/'))
  return converted ?? {}
}
