import type { Catalog, DatabaseEntry } from '../../catalog/schema.ts'

/** @throws Error when the catalog does not name it: whoever asks has to check first */
export function databaseOf(catalog: Catalog, name: string): DatabaseEntry {
  const entry = Object.hasOwn(catalog.databases, name) ? catalog.databases[name] : undefined
  if (entry === undefined) throw new Error(`the catalog names no database "${name}"`)
  return entry
}

/** Apps of the catalog that use it. */
export function appsOf(catalog: Catalog, database: string): readonly string[] {
  return Object.entries(catalog.apps)
    .filter(([, app]) => app.databases.includes(database))
    .map(([name]) => name)
}
