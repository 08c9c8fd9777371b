import type { Catalog } from '../../catalog/schema.ts'
import type { Limits } from './judge.ts'

export type Watched = { readonly database: string; readonly limits: Limits & { readonly page: boolean } }

/** Databases of the catalog whose backups are looked after. */
export function watchedBackups(catalog: Catalog): readonly Watched[] {
  return Object.entries(catalog.databases).flatMap(([database, { backups }]) =>
    backups === undefined || backups.alarm === 'off' ? [] : [{ database, limits: backups.alarm }],
  )
}
