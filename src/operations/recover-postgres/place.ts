import type { Catalog, DatabaseEntry } from '../../catalog/schema.ts'
import { addressOf } from '../../services/postgres/address.ts'
import type { Services } from '../services.ts'

/** @throws Error when the catalog does not name it: whoever asks has to check first */
export function databaseOf(catalog: Catalog, name: string): DatabaseEntry {
  const entry = Object.hasOwn(catalog.databases, name) ? catalog.databases[name] : undefined
  if (entry === undefined) throw new Error(`the catalog names no database "${name}"`)
  return entry
}

/** Names of the databases that this operation can bring back. */
export function restorable(catalog: Catalog): readonly string[] {
  return Object.entries(catalog.databases)
    .filter(([, entry]) => entry.engine === 'postgres')
    .map(([name]) => name)
}

export type Place = {
  readonly entry: DatabaseEntry
  /** With the password: for clients and children only. */
  readonly url: string
  /** On the server. */
  readonly name: string
  readonly maintenance: string
}

/** Where a database of the catalog is, with its secret read now. @throws Error that names the missing variable or file */
export async function placeOf(services: Services, database: string): Promise<Place> {
  const entry = databaseOf(services.catalog, database)
  const url = await services.secret(entry.url)
  return { entry, url, name: addressOf(url).database, maintenance: entry.restore.maintenanceDatabase }
}

/** Apps of the catalog that use it. */
export function appsOf(catalog: Catalog, database: string): readonly string[] {
  return Object.entries(catalog.apps)
    .filter(([, app]) => app.databases.includes(database))
    .map(([name]) => name)
}
