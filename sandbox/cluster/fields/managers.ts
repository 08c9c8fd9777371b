import type { KubeObject, ManagedFieldsEntry } from '../json.ts'
import type { Definition } from '../schema/definitions.ts'
import { timestamp } from '../time.ts'
import { compareFields } from './compare.ts'
import { fieldsOf, isUnder, pathsOf } from './paths.ts'

export type Writer = { readonly manager: string; readonly subresource?: string; readonly apiVersion: string }

/**
 * Records who wrote which field in an update, create or patch: the writer owns what changed, the others lose it.
 * `status` written through its subresource and the rest through the main resource do not touch each other's entries.
 */
export function recordUpdate(
  before: KubeObject | undefined,
  after: KubeObject,
  definition: Definition,
  writer: Writer,
): void {
  const { changed, removed } = compareFields(before ?? {}, after, definition)
  changed.delete('')
  removed.delete('')
  const known = before?.metadata.managedFields ?? []
  if (changed.size === 0 && removed.size === 0) {
    // A writer cannot invent entries.
    setManagers(after, known)
    return
  }
  const own = known.find((entry) => isSame(entry, 'Update', writer))
  const others = known.filter((entry) => entry !== own).map((entry) => without(entry, changed, removed))
  const paths = own === undefined ? new Set<string>() : pathsOf(own.fieldsV1)
  for (const path of changed) paths.add(path)
  for (const path of removed) paths.delete(path)
  const kept =
    own !== undefined && changed.size === 0 && paths.size === pathsOf(own.fieldsV1).size
      ? own
      : entryOf('Update', writer, paths)
  setManagers(after, [...others, kept])
}

export function isSame(entry: ManagedFieldsEntry, operation: 'Apply' | 'Update', writer: Writer): boolean {
  return (
    entry.manager === writer.manager &&
    entry.operation === operation &&
    (entry.subresource ?? '') === (writer.subresource ?? '') &&
    (operation === 'Apply' || entry.apiVersion === writer.apiVersion)
  )
}

export function entryOf(operation: 'Apply' | 'Update', writer: Writer, paths: Iterable<string>): ManagedFieldsEntry {
  return {
    manager: writer.manager,
    operation,
    apiVersion: writer.apiVersion,
    ...(writer.subresource === 'scale' ? {} : { time: timestamp() }),
    fieldsType: 'FieldsV1',
    fieldsV1: fieldsOf(paths),
    ...(writer.subresource === undefined ? {} : { subresource: writer.subresource }),
  }
}

/** An entry after somebody else changed or removed fields; unchanged when it did not own them. */
export function without(
  entry: ManagedFieldsEntry,
  changed: ReadonlySet<string>,
  removed: ReadonlySet<string>,
): ManagedFieldsEntry {
  const paths = pathsOf(entry.fieldsV1)
  const kept = [...paths].filter((path) => !changed.has(path) && !removed.has(path))
  return kept.length === paths.size ? entry : { ...entry, fieldsV1: fieldsOf(kept) }
}

/** Entries that own nothing go; the others in the order of the real server: applied ones first, then by time and name. */
export function setManagers(object: KubeObject, entries: readonly ManagedFieldsEntry[]): void {
  const kept = entries.filter((entry) => Object.keys(entry.fieldsV1).length > 0)
  kept.sort((a, b) => rank(a) - rank(b) || compare(a.time ?? '', b.time ?? '') || compare(a.manager, b.manager))
  if (kept.length === 0) delete object.metadata.managedFields
  else object.metadata.managedFields = kept
}

function rank(entry: ManagedFieldsEntry): number {
  return entry.operation === 'Apply' ? 0 : 1
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Whether any path of a set is below this one. */
export function ownsBelow(paths: Iterable<string>, parent: string): boolean {
  for (const path of paths) if (isUnder(path, parent)) return true
  return false
}

/** The manager of a writer that names none: the first word of its user agent, up to the slash. */
export function managerOf(fieldManager: string | null | undefined, userAgent: string | undefined): string {
  if (fieldManager) return fieldManager
  const name = (userAgent ?? '').split('/')[0]?.slice(0, 128) ?? ''
  return name === '' ? 'unknown' : name
}
