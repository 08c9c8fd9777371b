import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, get } from 'node:https'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startControlPlane } from './control-plane.ts'
import { version } from './programs.ts'
import { protoFields } from './proto-fields.ts'
import { zeroRules } from './zero-rules.ts'

/**
 * Records what the simulated cluster must say as the real one does: the schema of its kinds, its discovery documents and the
 * columns of its tables, field numbers of its messages. Run it again with `npx node test/real/kubernetes/record.ts`, then
 * `npx biome check --write sandbox/cluster/schema`, when the version changes.
 */

const schemaFolder = resolve(import.meta.dirname, '../../../sandbox/cluster/schema')

/** What the simulated cluster serves, by group. */
const served: Record<string, readonly string[]> = {
  '': [
    'namespaces',
    'pods',
    'services',
    'endpoints',
    'configmaps',
    'secrets',
    'events',
    'nodes',
    'serviceaccounts',
    'resourcequotas',
    'limitranges',
    'persistentvolumeclaims',
    'persistentvolumes',
  ],
  apps: ['deployments', 'replicasets', 'statefulsets', 'daemonsets', 'controllerrevisions'],
  'networking.k8s.io': ['ingresses', 'ingressclasses', 'networkpolicies'],
  autoscaling: ['horizontalpodautoscalers'],
  policy: ['poddisruptionbudgets'],
  'discovery.k8s.io': ['endpointslices'],
  'coordination.k8s.io': ['leases'],
  'authorization.k8s.io': ['selfsubjectaccessreviews', 'subjectaccessreviews', 'selfsubjectrulesreviews'],
  'authentication.k8s.io': ['selfsubjectreviews'],
  'rbac.authorization.k8s.io': ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
}

/** Subresources that the simulation answers; the others (exec, attach, proxy, ...) are left out of its discovery. */
const subresources = ['status', 'scale', 'log', 'eviction', 'binding', 'finalize']

type Subresource = { subresource: string }
type Resource = { resource: string; responseKind: { kind: string }; subresources?: Subresource[] }
type Discovery = { items: { metadata?: { name?: string }; versions: { version: string; resources: Resource[] }[] }[] }
type Definition = {
  [key: string]: unknown
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[]
}

const folder = await mkdtemp(join(tmpdir(), 'rescue-record-'))
const plane = await startControlPlane({ folder, controllers: false })
try {
  const groups = await recordDiscovery()
  await write('resources.json', groups)
  await write('columns.json', await recordColumns(groups))
  const definitions = await recordDefinitions(groups)
  await write('definitions.json', definitions)
  await write('protobuf.json', recordProtobuf(definitions))
} finally {
  await plane.stop()
  await rm(folder, { recursive: true, force: true })
}

type Group = { group: string; version: string; resources: Resource[] }

async function recordDiscovery(): Promise<Group[]> {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
  const found: Group[] = []
  for (const path of ['/api', '/apis'])
    for (const item of ((await ask(path, accept)) as Discovery).items) {
      const group = item.metadata?.name ?? ''
      const names = served[group]
      const first = item.versions[0]
      if (names === undefined || first === undefined) continue
      const resources = first.resources.filter((one) => names.includes(one.resource)).map(withoutOtherSubresources)
      found.push({ group, version: first.version, resources })
    }
  return found
}

function withoutOtherSubresources(resource: Resource): Resource {
  const kept = (resource.subresources ?? []).filter((one) => subresources.includes(one.subresource))
  const { subresources: _all, ...rest } = resource
  return kept.length === 0 ? rest : { ...rest, subresources: kept }
}

async function recordColumns(groups: readonly Group[]): Promise<Record<string, unknown>> {
  const columns: Record<string, unknown> = {}
  for (const { group, version: apiVersion, resources } of groups)
    for (const { resource } of resources) {
      const base = group === '' ? '/api' : `/apis/${group}`
      const table = (await ask(
        `${base}/${apiVersion}/${resource}`,
        'application/json;as=Table;v=v1;g=meta.k8s.io',
      )) as { columnDefinitions?: unknown }
      if (table.columnDefinitions !== undefined)
        columns[group === '' ? resource : `${resource}.${group}`] = table.columnDefinitions
    }
  return columns
}

async function recordDefinitions(groups: readonly Group[]): Promise<Record<string, unknown>> {
  const { definitions } = (await ask('/openapi/v2', 'application/json')) as { definitions: Record<string, Definition> }
  const wanted = new Set(
    groups.flatMap((one) =>
      one.resources.map((resource) => `${one.group}/${one.version}/${resource.responseKind.kind}`),
    ),
  )
  for (const extra of ['policy/v1/Eviction', 'autoscaling/v1/Scale', '/v1/Binding', '/v1/Status', '/v1/DeleteOptions'])
    wanted.add(extra)
  const kept = new Set<string>()
  const keep = (name: string): void => {
    if (kept.has(name)) return
    kept.add(name)
    for (const reference of JSON.stringify(definitions[name]).matchAll(/"#\/definitions\/([^"]+)"/g))
      keep(reference[1] ?? '')
  }
  for (const [name, definition] of Object.entries(definitions))
    if (
      (definition['x-kubernetes-group-version-kind'] ?? []).some((kind) =>
        wanted.has(`${kind.group}/${kind.version}/${kind.kind}`),
      )
    )
      keep(name)
  const zeros = zeroRules(goSources())
  return Object.fromEntries(
    [...kept].sort().map((name) => {
      const rule = zeros.get(name.split('.').slice(-3).join('.'))
      return [
        name,
        { ...(withoutProse(definitions[name]) as object), ...(rule === undefined ? {} : { 'x-zero': rule }) },
      ]
    }),
  )
}

/** The Go types of the API, by `core.v1`: only they tell which empty fields are left out of JSON. */
function goSources(): Map<string, string> {
  const modules = execFileSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).trim()
  const release = version.replace('v1.', 'v0.')
  const sources = new Map<string, string>()
  const api = join(modules, `k8s.io/api@${release}`)
  for (const group of readdirSync(api))
    for (const apiVersion of ['v1', 'v2']) {
      const path = join(api, group, apiVersion, 'types.go')
      const text = read(path)
      if (text !== undefined) sources.set(`${group}.${apiVersion}`, text)
    }
  sources.set('meta.v1', read(join(modules, `k8s.io/apimachinery@${release}/pkg/apis/meta/v1/types.go`)) ?? '')
  return sources
}

/** Field numbers of the messages whose schema was recorded. */
function recordProtobuf(definitions: Record<string, unknown>): Record<string, unknown> {
  const modules = execFileSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).trim()
  const release = version.replace('v1.', 'v0.')
  const sources = new Map<string, string>()
  const add = (name: string, path: string) => {
    const text = read(path)
    if (text !== undefined) sources.set(name, text)
  }
  const api = join(modules, `k8s.io/api@${release}`)
  for (const group of readdirSync(api))
    for (const apiVersion of ['v1', 'v2'])
      add(`k8s.io.api.${group}.${apiVersion}`, join(api, group, apiVersion, 'generated.proto'))
  const machinery = join(modules, `k8s.io/apimachinery@${release}/pkg`)
  add('k8s.io.apimachinery.pkg.apis.meta.v1', join(machinery, 'apis/meta/v1/generated.proto'))
  add('k8s.io.apimachinery.pkg.runtime', join(machinery, 'runtime/generated.proto'))
  add('k8s.io.apimachinery.pkg.util.intstr', join(machinery, 'util/intstr/generated.proto'))
  add('k8s.io.apimachinery.pkg.api.resource', join(machinery, 'api/resource/generated.proto'))
  const messages = protoFields(sources)
  const kept = new Map<string, object>()
  const keep = (name: string): void => {
    const fields = messages.get(name)
    if (fields === undefined || kept.has(name)) return
    kept.set(name, fields)
    for (const one of Object.values(fields)) keep(one.slice(one.indexOf(':') + 1).replace(/^(\[\]|\{\})/, ''))
  }
  for (const name of Object.keys(definitions)) keep(name)
  return Object.fromEntries([...kept].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function withoutProse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProse)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !(key === 'description' && typeof inner === 'string'))
      .map(([key, inner]) => [key, withoutProse(inner)]),
  )
}

async function write(name: string, value: unknown): Promise<void> {
  await writeFile(join(schemaFolder, name), `${JSON.stringify(value, null, 1)}\n`)
}

function ask(path: string, accept: string): Promise<unknown> {
  const agent = new Agent({ rejectUnauthorized: false })
  return new Promise((done, fail) => {
    get(`${plane.url}${path}`, { agent, headers: { accept, authorization: `Bearer ${plane.token}` } }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      answer.on('end', () => done(JSON.parse(text)))
    }).on('error', fail)
  })
}
