import type { Catalog, DatabaseEntry } from '../../catalog/schema.ts'
import { databaseIn } from '../../services/mongodb/address.ts'
import { databaseOf } from '../restoring/catalog.ts'
import type { Services } from '../services.ts'

/** Names of the databases that this operation can bring back. */
export function restorableMongo(catalog: Catalog): readonly string[] {
  return Object.entries(catalog.databases)
    .filter(([, entry]) => entry.engine === 'mongodb')
    .map(([name]) => name)
}

export type Place = {
  readonly entry: DatabaseEntry
  /** With the password: for clients and tools only. */
  readonly url: string
  /** On the server. */
  readonly name: string
}

/** Where a database of the catalog is, with its secret read now. @throws Error that names the missing variable or file */
export async function placeOf(services: Services, database: string): Promise<Place> {
  const entry = databaseOf(services.catalog, database)
  const url = await services.secret(entry.url)
  return { entry, url, name: databaseIn(url) }
}
