import { listRestorePoints, type RestorePoints } from '../backups/list.ts'
import { isSafetyBackup } from '../backups/safety-name.ts'
import type { RestorePoint } from '../backups/types.ts'
import type { Catalog } from '../catalog/schema.ts'
import { databaseIn } from '../services/mongodb/address.ts'
import { addressOf } from '../services/postgres/address.ts'
import { depsOf } from './recover-postgres/backup.ts'
import { databaseOf } from './recover-postgres/place.ts'
import type { Services } from './services.ts'

/** The operation that brings a database of this engine back. */
export const recoverOperations = { postgres: 'recover-postgres', mongodb: 'recover-mongo' } as const
export type Engine = keyof typeof recoverOperations

/** The engine of a database that the catalog names; undefined: it names none like it. */
export function engineOf(catalog: Catalog, database: string): Engine | undefined {
  return Object.hasOwn(catalog.databases, database) ? catalog.databases[database]?.engine : undefined
}

/** Names of the catalog's databases, of one engine or of all. */
export function databasesOf(catalog: Catalog, engine?: Engine): readonly string[] {
  return Object.entries(catalog.databases)
    .filter(([, entry]) => engine === undefined || entry.engine === engine)
    .map(([name]) => name)
}

/**
 * The backups of a database of either engine, newest data first; only their first bytes are read.
 * @throws Error that names the missing variable or file of its address
 */
export async function restorePointsOf(
  services: Services,
  database: string,
  signal?: AbortSignal,
): Promise<RestorePoints> {
  const entry = databaseOf(services.catalog, database)
  const url = await services.secret(entry.url)
  const name = entry.engine === 'postgres' ? addressOf(url).database : databaseIn(url)
  return listRestorePoints(entry, depsOf(services, database, signal), { database: name })
}

export type Choices = {
  readonly engine: Engine
  /** Those that can be chosen, newest data first. */
  readonly points: readonly RestorePoint[]
  /** How many lie there that can never be restored here. */
  readonly unfit: number
  /** Places that could not be read. */
  readonly away: readonly string[]
  /** What happens to its apps unless somebody says otherwise. */
  readonly apps: 'keep' | 'scale'
}

/** What a form offers for a database: never what would be refused at sight. */
export async function choicesOf(services: Services, database: string): Promise<Choices> {
  const { points: all, away } = await restorePointsOf(services, database)
  const points = all.filter(isFit)
  const { engine, restore } = databaseOf(services.catalog, database)
  return { engine, points, unfit: all.length - points.length, away: away.map(({ place }) => place), apps: restore.apps }
}

type Known = Pick<RestorePoint, 'name' | 'problem' | 'verified'>

/** Those that somebody makes: without what the bot itself kept before it replaced something. */
export function ordinary<Point extends Known>(points: readonly Point[]): readonly Point[] {
  return points.filter(({ name }) => !isSafetyBackup(name))
}

/** Whether nobody knows of a reason why it could not be restored. */
export const isFit = ({ problem, verified }: Known): boolean => problem === undefined && verified?.good !== false
