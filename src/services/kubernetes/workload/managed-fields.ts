import { at, isRecord, listAt, type RawObject, textAt } from '../api/json.ts'

/** Who wrote to an object, and when, by the API server's own record. */
export type Writer = { readonly manager: string; readonly at: string; readonly subresource: string | undefined }

/**
 * The last writers of a field, newest first. The path is in field names (`spec`, `template`); a writer of something
 * below the path, or of the path itself, counts.
 */
export function writersOf(raw: RawObject, ...path: readonly string[]): readonly Writer[] {
  return listAt(raw, 'metadata', 'managedFields')
    .filter((entry) => at(entry, 'fieldsV1', ...path.map((name) => `f:${name}`)) !== undefined)
    .flatMap((entry) => {
      const time = textAt(entry, 'time')
      if (time === undefined) return []
      return [{ manager: textAt(entry, 'manager') ?? 'unknown', at: time, subresource: textAt(entry, 'subresource') }]
    })
    .sort((a, b) => (a.at < b.at ? 1 : -1))
}

/** When the object itself (not its status) was last changed; undefined where the server keeps no record. */
export function changedAt(raw: RawObject): string | undefined {
  const times = listAt(raw, 'metadata', 'managedFields')
    .filter((entry) => textAt(entry, 'subresource') === undefined)
    .flatMap((entry) => textAt(entry, 'time') ?? [])
  return times.sort().at(-1)
}

/** All managers that have ever written the object, for telling who owns it. */
export function managersOf(raw: RawObject): readonly string[] {
  return [...new Set(listAt(raw, 'metadata', 'managedFields').flatMap((entry) => textAt(entry, 'manager') ?? []))]
}

/** When the data of a ConfigMap or Secret last changed, and by whom. */
export function dataChange(raw: RawObject): { readonly at: string; readonly manager: string | undefined } | undefined {
  const writers = ['data', 'binaryData', 'stringData'].flatMap((field) => writersOf(raw, field))
  const last = writers.sort((a, b) => (a.at < b.at ? 1 : -1))[0]
  if (last !== undefined) return { at: last.at, manager: last.manager }
  const created = isRecord(raw) ? textAt(raw, 'metadata', 'creationTimestamp') : undefined
  return created === undefined ? undefined : { at: created, manager: undefined }
}
