import type { Catalog } from '../catalog/schema.ts'
import { databasesOf, type Engine, engineOf, recoverOperations } from '../operations/restoring/points.ts'
import type { Notice } from '../texts/notices.ts'
import { nearest } from './words.ts'

/** What somebody wants of a restore, whichever way they asked; absent: as the catalog says. */
export type RecoverWishes = {
  /** `PLACE/NAME` or `NAME`; absent: the newest. */
  readonly point?: string | undefined
  readonly copy?: boolean | undefined
  readonly apps?: 'keep' | 'scale' | undefined
  /** PostgreSQL: only a part of it. */
  readonly scope?: { readonly kind: 'table' | 'schema'; readonly name: string } | undefined
  /** MongoDB: collections that the backup does not have. */
  readonly onlyLive?: 'keep' | 'aside' | undefined
  /** MongoDB: users and roles too. */
  readonly users?: boolean | undefined
  readonly reason?: string | undefined
}

type Fault = Extract<Notice, { readonly kind: 'unknown_name' | 'bad_input' }>
export type RecoverRequest =
  | { readonly kind: 'request'; readonly operation: string; readonly params: Readonly<Record<string, unknown>> }
  | Fault

/** Wishes that only one engine knows, with the words that the other one has instead. */
const onlyOf = { scope: 'postgres', onlyLive: 'mongodb', users: 'mongodb' } as const
const wordsOf: Readonly<Record<Engine, readonly string[]>> = {
  postgres: ['from …', 'copy', 'scale', 'table …', 'schema …', 'reason …'],
  mongodb: ['from …', 'copy', 'scale', 'only-live …', 'reason …'],
}

/**
 * The request for the operation of the database's engine. Pure.
 * @param only the engine that was asked for by name; undefined: whichever it has
 */
export function recoverRequest(
  catalog: Catalog,
  database: string,
  wishes: RecoverWishes,
  only: Engine | undefined,
): RecoverRequest {
  const engine = engineOf(catalog, database)
  if (engine === undefined) return unknownDatabase(catalog, database, only)
  if (only !== undefined && engine !== only)
    return { kind: 'bad_input', field: 'database', value: database, allowed: databasesOf(catalog, only), hint: 'names' }
  const strange = (['scope', 'onlyLive', 'users'] as const).find(
    (name) => wishes[name] !== undefined && wishes[name] !== false && onlyOf[name] !== engine,
  )
  if (strange !== undefined)
    return {
      kind: 'bad_input',
      field: strange,
      value: shown(wishes, strange),
      allowed: wordsOf[engine],
      hint: 'words',
    }
  const { copy, users, ...rest } = wishes
  const given = { ...rest, ...(copy === true ? { copy } : {}), ...(users === true ? { users } : {}) }
  const params = Object.fromEntries(Object.entries({ database, ...given }).filter(([, value]) => value !== undefined))
  return { kind: 'request', operation: recoverOperations[engine], params }
}

export function unknownDatabase(catalog: Catalog, value: string, only: Engine | undefined): Fault {
  const allowed = databasesOf(catalog, only)
  return { kind: 'unknown_name', value, allowed, nearest: nearest(value, allowed) }
}

function shown(wishes: RecoverWishes, name: keyof typeof onlyOf): string {
  if (name === 'scope') return `${wishes.scope?.kind} ${wishes.scope?.name}`
  return name === 'onlyLive' ? `only-live ${wishes.onlyLive}` : 'users'
}
