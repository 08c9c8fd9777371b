import { isObject, type JsonObject } from '../json.ts'
import { type Definition, fieldOf, resolve } from '../schema/definitions.ts'

/**
 * Field paths as managedFields writes them: elements `f:name`, `k:{"name":"web"}` and `v:"x"`, joined by a NUL.
 * After sigs.k8s.io/structured-merge-diff.
 */
export type Path = string

const separator = '\u0000'

export const elementsOf = (path: Path): string[] => (path === '' ? [] : path.split(separator))
export const join = (parent: Path, element: string): Path =>
  parent === '' ? element : `${parent}${separator}${element}`
export const isUnder = (path: Path, parent: Path): boolean => path.startsWith(`${parent}${separator}`)

/** Fields that belong to the server and to nobody else. */
const ownedByServer = new Set([
  'f:apiVersion',
  'f:kind',
  'f:metadata',
  ...[
    'name',
    'namespace',
    'uid',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'managedFields',
    'selfLink',
  ].map((name) => join('f:metadata', `f:${name}`)),
])

export function isServerField(path: Path): boolean {
  return ownedByServer.has(path) || isUnder(path, join('f:metadata', 'f:managedFields'))
}

export type Shape =
  | { kind: 'leaf' }
  | { kind: 'map'; fieldOf: (key: string) => Definition | undefined }
  | { kind: 'list'; keys: readonly string[]; items: Definition | undefined }
  | { kind: 'set' }

/** How a value is owned: whole (scalars, atomic lists and structs), by key, by item or by value. */
export function shapeOf(value: unknown, definition: Definition | undefined): Shape {
  const own = resolve(definition)
  if (isObject(value)) {
    // A field of any content (a ControllerRevision's data) is owned whole.
    const opaque = own !== undefined && own.properties === undefined && own.additionalProperties === undefined
    if (opaque || own?.['x-kubernetes-map-type'] === 'atomic' || definition?.['x-kubernetes-map-type'] === 'atomic')
      return { kind: 'leaf' }
    return { kind: 'map', fieldOf: (key) => fieldOf(own, key) }
  }
  if (!Array.isArray(value)) return { kind: 'leaf' }
  const type = definition?.['x-kubernetes-list-type'] ?? own?.['x-kubernetes-list-type']
  if (type === 'map') return { kind: 'list', keys: definition?.['x-kubernetes-list-map-keys'] ?? [], items: own?.items }
  return type === 'set' ? { kind: 'set' } : { kind: 'leaf' }
}

/** `k:{"containerPort":80,"protocol":"TCP"}`: the keys in their own order, a missing protocol being TCP. */
export function itemElement(item: unknown, keys: readonly string[]): string {
  const chosen: JsonObject = {}
  for (const key of [...keys].sort()) {
    const value = isObject(item) ? item[key] : undefined
    if (value !== undefined) chosen[key] = value
    else if (key === 'protocol') chosen[key] = 'TCP'
  }
  return `k:${JSON.stringify(chosen)}`
}

export const valueElement = (value: unknown): string => `v:${JSON.stringify(value)}`

/** The parts of a map or list by path element. */
export function childrenOf(
  value: unknown,
  shape: Shape,
): Map<string, { value: unknown; definition: Definition | undefined }> {
  const children = new Map<string, { value: unknown; definition: Definition | undefined }>()
  if (shape.kind === 'map' && isObject(value)) {
    for (const key of Object.keys(value))
      if (value[key] !== undefined) children.set(`f:${key}`, { value: value[key], definition: shape.fieldOf(key) })
  } else if (shape.kind === 'list' && Array.isArray(value)) {
    for (const item of value) children.set(itemElement(item, shape.keys), { value: item, definition: shape.items })
  } else if (shape.kind === 'set' && Array.isArray(value)) {
    for (const item of value) children.set(valueElement(item), { value: item, definition: undefined })
  }
  return children
}

/** The paths of a `fieldsV1` object. */
export function pathsOf(fields: JsonObject): Set<Path> {
  const paths = new Set<Path>()
  collect(fields, '', paths)
  return paths
}

function collect(fields: JsonObject, at: Path, paths: Set<Path>): void {
  for (const key in fields) {
    if (key === '.') {
      paths.add(at)
      continue
    }
    const inner = fields[key]
    const path = join(at, key)
    if (!isObject(inner) || Object.keys(inner).length === 0) paths.add(path)
    else collect(inner, path, paths)
  }
}

/** The `fieldsV1` object of a set of paths. */
export function fieldsOf(paths: Iterable<Path>): JsonObject {
  const root: JsonObject = {}
  for (const path of [...paths].sort()) {
    let here = root
    for (const element of elementsOf(path)) {
      const next = here[element]
      const inner: JsonObject = isObject(next) ? next : {}
      here[element] = inner
      here = inner
    }
    here['.'] = {}
  }
  return trimmed(root)
}

/** A dot alone says nothing. */
function trimmed(node: JsonObject): JsonObject {
  const keys = Object.keys(node)
  if (keys.length === 1 && keys[0] === '.') return {}
  for (const key of keys) if (key !== '.') node[key] = trimmed(node[key] as JsonObject)
  return node
}

/** A path as messages show it: `.spec.template.spec.containers[name="web"].image`. */
export function readable(path: Path): string {
  return elementsOf(path)
    .map((element) => {
      const rest = element.slice(2)
      if (element.startsWith('f:')) return `.${rest}`
      if (element.startsWith('v:')) return `[=${rest}]`
      const keys = Object.entries(JSON.parse(rest) as JsonObject).map(
        ([key, value]) => `${key}=${JSON.stringify(value)}`,
      )
      return `[${keys.join(',')}]`
    })
    .join('')
}
