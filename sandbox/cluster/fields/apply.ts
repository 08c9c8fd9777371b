import { clone, deepEqual, isObject, type JsonObject, type KubeObject, type ManagedFieldsEntry } from '../json.ts'
import { type Definition, fieldOf } from '../schema/definitions.ts'
import { type Cause, failure } from '../status.ts'
import { claimedFields, compareFields } from './compare.ts'
import { entryOf, isSame, ownsBelow, setManagers, type Writer, without } from './managers.ts'
import { elementsOf, itemElement, type Path, pathsOf, readable, shapeOf, valueElement } from './paths.ts'

/**
 * Server-side apply: the configuration is merged into the live object, fields that the manager applied before and no longer names go
 * (unless somebody else owns them), fields of others are conflicts unless forced.
 * @param live undefined when the object is new
 * @throws ApiError 409 with one cause a field when fields of other managers would change
 */
export function applyConfiguration(
  live: KubeObject | undefined,
  config: KubeObject,
  definition: Definition,
  writer: Writer,
  force: boolean,
): KubeObject {
  const base: unknown = live ?? { apiVersion: config.apiVersion, kind: config.kind, metadata: {} }
  const merged = merge(base, config, definition) as KubeObject
  const entries = live?.metadata.managedFields ?? []
  const own = entries.find((entry) => isSame(entry, 'Apply', writer))
  const others = entries.filter((entry) => entry !== own)
  const claimed = claimedFields(config, definition)
  const { changed } = compareFields(base, merged, definition)
  if (!force) refuseConflicts(others, changed)
  prune(merged, own === undefined ? new Set() : pathsOf(own.fieldsV1), claimed, others, definition)
  const { removed } = compareFields(base, merged, definition)
  const left = others.map((entry) => without(entry, changed, removed))
  const same = own !== undefined && deepEqual(pathsText(own), [...claimed].sort())
  setManagers(merged, [...left, same ? own : entryOf('Apply', writer, claimed)])
  return merged
}

function pathsText(entry: ManagedFieldsEntry): string[] {
  return [...pathsOf(entry.fieldsV1)].sort()
}

function merge(live: unknown, config: unknown, definition: Definition | undefined): unknown {
  if (config === null || config === undefined) return clone(live)
  const shape = shapeOf(config, definition)
  if (shape.kind === 'map' && isObject(config)) {
    const out: JsonObject = isObject(live) ? clone(live) : {}
    for (const key of Object.keys(config))
      if (config[key] !== null) out[key] = merge(out[key], config[key], shape.fieldOf(key))
    return out
  }
  if (!Array.isArray(live) || !Array.isArray(config) || shape.kind === 'leaf') return clone(config)
  if (shape.kind === 'set') return [...live, ...config.filter((value) => !live.some((item) => deepEqual(item, value)))]
  if (shape.kind !== 'list') return clone(config)
  const byElement = new Map(config.map((item) => [itemElement(item, shape.keys), item]))
  const out = live.map((item) => {
    const element = itemElement(item, shape.keys)
    const mine = byElement.get(element)
    byElement.delete(element)
    return mine === undefined ? clone(item) : merge(item, mine, shape.items)
  })
  return [...out, ...[...byElement.values()].map(clone)]
}

function refuseConflicts(others: readonly ManagedFieldsEntry[], changed: ReadonlySet<Path>): void {
  const found: { entry: ManagedFieldsEntry; who: string; fields: string[] }[] = []
  for (const entry of others) {
    const fields = [...pathsOf(entry.fieldsV1)].filter((path) => changed.has(path)).map(readable)
    if (fields.length > 0) found.push({ entry, who: nameOf(entry), fields: fields.sort() })
  }
  if (found.length === 0) return
  found.sort((a, b) => (a.who < b.who ? -1 : 1))
  const count = found.reduce((sum, one) => sum + one.fields.length, 0)
  const first = found[0]
  const text =
    count === 1
      ? `conflict with ${first?.who}: ${first?.fields[0]}`
      : found
          .map((one) => `conflicts with ${one.who}:\n${one.fields.map((field) => `- ${field}`).join('\n')}`)
          .join('\n')
  const causes: Cause[] = found.flatMap((one) =>
    one.fields.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${one.who}`, field })),
  )
  throw failure(409, 'Conflict', `Apply failed with ${count} conflict${count === 1 ? '' : 's'}: ${text}`, { causes })
}

function nameOf(entry: ManagedFieldsEntry): string {
  const subresource = entry.subresource === undefined ? '' : ` with subresource ${JSON.stringify(entry.subresource)}`
  return `${JSON.stringify(entry.manager)}${subresource}${entry.operation === 'Update' ? ` using ${entry.apiVersion}` : ''}`
}

/** Takes away what the manager applied before, names no longer, and nobody else owns. */
function prune(
  object: KubeObject,
  before: ReadonlySet<Path>,
  claimed: ReadonlySet<Path>,
  others: readonly ManagedFieldsEntry[],
  definition: Definition,
): void {
  const elsewhere = new Set(others.flatMap((entry) => [...pathsOf(entry.fieldsV1)]))
  const gone = [...before].filter((path) => !claimed.has(path) && !elsewhere.has(path))
  gone.sort((a, b) => elementsOf(b).length - elementsOf(a).length)
  for (const path of gone)
    if (!ownsBelow(elsewhere, path) && !ownsBelow(claimed, path)) removeAt(object, elementsOf(path), definition)
}

function removeAt(value: unknown, elements: readonly string[], definition: Definition | undefined): void {
  const [element = '', ...rest] = elements
  const last = rest.length === 0
  if (element.startsWith('f:') && isObject(value)) {
    const key = element.slice(2)
    if (last) delete value[key]
    else removeAt(value[key], rest, fieldOf(definition, key))
    return
  }
  if (!Array.isArray(value)) return
  const shape = shapeOf(value, definition)
  const index = value.findIndex(
    (item) => (shape.kind === 'list' ? itemElement(item, shape.keys) : valueElement(item)) === element,
  )
  if (index < 0) return
  if (last) value.splice(index, 1)
  else removeAt(value[index], rest, shape.kind === 'list' ? shape.items : undefined)
}
