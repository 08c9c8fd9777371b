import type { BackupDeps } from '../../backups/deps.ts'
import { listRestorePoints, type RestorePoints } from '../../backups/list.ts'
import { isSafetyBackup, safetyRun } from '../../backups/safety-name.ts'
import type { RestorePoint } from '../../backups/types.ts'
import type { Catalog } from '../../catalog/schema.ts'
import { databaseIn } from '../../services/mongodb/address.ts'
import { addressOf } from '../../services/postgres/address.ts'
import { findBackupVerdict } from '../../store/backup-verdicts.ts'
import type { Services } from '../services.ts'
import { databaseOf } from './catalog.ts'

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

export function depsOf(services: Services, database: string, signal?: AbortSignal): BackupDeps {
  const { backups } = databaseOf(services.catalog, database)
  return {
    secret: services.secret,
    scratch: services.scratch,
    ...(services.postgresTools === undefined ? {} : { postgresTools: services.postgresTools }),
    timeZone: backups?.timeZone ?? services.catalog.timeZone,
    verified: (point) => findBackupVerdict(services.db, point),
    ...(signal === undefined ? {} : { signal }),
  }
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

/** What can be chosen from, newest data first; a place that is away is logged and left out. */
export async function pointsOf(services: Services, database: string): Promise<readonly RestorePoint[]> {
  const { points, away } = await restorePointsOf(services, database)
  for (const place of away) services.log.warn({ database, ...place }, 'a place of backups cannot be read')
  return points
}

/** `before`: the run before which the bot made it; absent: it is an ordinary backup. */
export type Choice = RestorePoint & { readonly before?: string }

export type Choices = {
  readonly engine: Engine
  /** Those that can be chosen: newest data first, and after all others what the bot itself kept, often of the damaged state. */
  readonly points: readonly Choice[]
  /** Ordinary ones that were read whole and found bad, newest data first. */
  readonly bad: readonly { readonly name: string; readonly reason: string | undefined }[]
  /** How many others lie there that can never be restored here. */
  readonly unfit: number
  /** Places that could not be read. */
  readonly away: readonly string[]
  /** What happens to its apps unless somebody says otherwise. */
  readonly apps: 'keep' | 'scale'
}

/** What a form offers for a database: never what would be refused at sight. */
export async function choicesOf(services: Services, database: string): Promise<Choices> {
  const { points: all, away } = await restorePointsOf(services, database)
  const fit = all.filter(isFit)
  const kept = fit.flatMap((point): readonly Choice[] => {
    const before = safetyRun(point.name)
    return before === undefined ? [] : [{ ...point, before }]
  })
  const points = [...ordinary(fit), ...kept]
  const bad = ordinary(all)
    .filter(({ problem, verified }) => problem === undefined && verified?.good === false)
    .map(({ name, verified }) => ({ name, reason: verified?.reason }))
  const unfit = all.length - fit.length - bad.length
  const { engine, restore } = databaseOf(services.catalog, database)
  return { engine, points, bad, unfit, away: away.map(({ place }) => place), apps: restore.apps }
}

type Known = Pick<RestorePoint, 'name' | 'problem' | 'verified'>

/** Those that somebody makes: without what the bot itself kept before it replaced something. */
export function ordinary<Point extends Known>(points: readonly Point[]): readonly Point[] {
  return points.filter(({ name }) => !isSafetyBackup(name))
}

/** Whether nobody knows of a reason why it could not be restored. */
export const isFit = ({ problem, verified }: Known): boolean => problem === undefined && verified?.good !== false
