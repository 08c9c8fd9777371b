import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, identifier, literal, qualified, withClient } from '../client.ts'
import { codeOf } from '../errors.ts'
import { type KeptNote, keptComment } from '../kept.ts'
import { describe, unlike } from './describe.ts'
import { bare, readDressing } from './dressing.ts'
import { type Floor, raiseCounters, readCounters } from './sequences.ts'

export type ExchangePlan = {
  readonly url: string
  readonly database: string
  /** Where the tables are in use. */
  readonly schema: string
  /** The schema where those wait that take their places, and the one where the old ones are kept. */
  readonly from: string
  readonly to: string
  readonly tables: readonly { readonly name: string; readonly oid: number; readonly next: number }[]
  /** The backup's own sequences: no number that it or the live one has given is given again. */
  readonly floors: readonly Floor[]
  readonly note: KeptNote
}

export type Exchanged =
  | {
      readonly kind: 'swapped'
      readonly ms: number
      /** Keys that must be checked against all rows now. */
      readonly keys: readonly { readonly table: string; readonly name: string }[]
    }
  /** Others hold locks or old snapshots; nothing was changed. */
  | { readonly kind: 'table_busy'; readonly who: readonly string[] }
  | { readonly kind: 'moved'; readonly why: string }
  /** The new tables would not be what the old ones are in all but their rows; nothing was changed. */
  | { readonly kind: 'not_alike'; readonly what: readonly string[] }

const usual = { attempts: 8, lockMs: 1_500, pauseMs: 700 }

/**
 * One transaction: the tables in use go into a schema of their own, others take their names and everything that hung on them.
 * Before it commits the new ones are held against what the old ones were; a single difference takes all of it back. A lock is
 * waited for shortly and in turns, so that the application is never queued behind this.
 * @param patience how often and how long, in ms, locks are waited for
 * @throws DatabaseError
 */
export async function exchangeTables(plan: ExchangePlan, patience = usual): Promise<Exchanged> {
  return withClient(plan.url, { database: plan.database, statementMs: 60_000 }, async (client) => {
    await client.query(`set search_path = ''; set lock_timeout = ${patience.lockMs}`)
    for (let attempt = 1; ; attempt++) {
      const outcome = await tryOnce(client, plan)
      if (outcome !== undefined) return outcome
      if (attempt === patience.attempts) return { kind: 'table_busy', who: await holders(client, plan) }
      await sleep(patience.pauseMs)
    }
  })
}

async function tryOnce(client: Client, plan: ExchangePlan): Promise<Exchanged | undefined> {
  const oids = plan.tables.map(({ oid }) => oid)
  const next = plan.tables.map((table) => table.next)
  const started = performance.now()
  await client.query('begin')
  try {
    const names = plan.tables.flatMap(({ name }) => [qualified(plan.schema, name), qualified(plan.from, name)])
    await client.query(`lock table ${names.toSorted().join(', ')} in access exclusive mode`)
    const moved = await movedSince(client, plan)
    if (moved !== undefined) return await leave(client, { kind: 'moved', why: moved })
    const before = await Promise.all(oids.map((oid) => describe(client, oid)))
    const dressing = await readDressing(client, oids, next)
    const counters = await readCounters(client, oids, next, plan.floors)
    for (const { name, oid } of plan.tables)
      for (const statement of await bare(client, plan.from, name, await ownerOf(client, oid)))
        await client.query(statement)
    for (const statement of dressing.undress) await client.query(statement)
    await client.query(`create schema ${identifier(plan.to)}`)
    await client.query(`comment on schema ${identifier(plan.to)} is ${literal(keptComment(plan.note))}`)
    for (const { name } of plan.tables)
      await client.query(`alter table ${qualified(plan.schema, name)} set schema ${identifier(plan.to)}`)
    for (const { name } of plan.tables)
      await client.query(`alter table ${qualified(plan.from, name)} set schema ${identifier(plan.schema)}`)
    for (const statement of dressing.dress) await client.query(statement)
    await raiseCounters(client, counters)
    const after = await Promise.all(next.map((oid) => describe(client, oid)))
    const what = plan.tables.flatMap(({ name }, at) => {
      const [one, other] = [before[at], after[at]]
      return one === undefined || other === undefined ? [name] : unlike(one, other).map((kind) => `${name}: ${kind}`)
    })
    if (what.length > 0) return await leave(client, { kind: 'not_alike', what })
    await client.query(`drop schema ${identifier(plan.from)}`)
    await client.query('commit')
    return { kind: 'swapped', ms: Math.round(performance.now() - started), keys: dressing.keys }
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    // A lock that is not to be had now, or two that wait for each other.
    if (codeOf(error) === '55P03' || codeOf(error) === '40P01') return undefined
    throw error
  }
}

async function leave(client: Client, why: Exchanged): Promise<Exchanged> {
  await client.query('rollback')
  return why
}

async function ownerOf(client: Client, oid: number): Promise<string> {
  const { rows } = await client.query<{ owner: string }>(
    'select pg_get_userbyid(relowner) as owner from pg_class where oid = $1',
    [oid],
  )
  return rows[0]?.owner ?? ''
}

async function placesOf(client: Client, plan: ExchangePlan): Promise<ReadonlyMap<number, string>> {
  const { rows } = await client.query<{ oid: number; at: string }>(
    `select c.oid::int8::float8 as oid, n.nspname || '.' || c.relname as at from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.oid = any($1::oid[])`,
    [plan.tables.flatMap(({ oid, next }) => [oid, next])],
  )
  return new Map(rows.map(({ oid, at }) => [oid, at]))
}

async function movedSince(client: Client, plan: ExchangePlan): Promise<string | undefined> {
  const places = await placesOf(client, plan)
  for (const { name, oid, next } of plan.tables) {
    if (places.get(oid) !== `${plan.schema}.${name}`) return `${plan.schema}.${name} is another table than before`
    if (places.get(next) !== `${plan.from}.${name}`) return `${plan.from}.${name} is not there`
  }
  return undefined
}

/** After a crash: by OID, never by memory. One transaction moved all of them or none. */
export async function lookAtExchange(plan: ExchangePlan): Promise<'swapped' | 'not_swapped' | 'unknown'> {
  return withClient(plan.url, { database: plan.database, statementMs: 10_000 }, async (client) => {
    const places = await placesOf(client, plan)
    const all = (old: string, now: string) =>
      plan.tables.every(
        ({ name, oid, next }) => places.get(oid) === `${old}.${name}` && places.get(next) === `${now}.${name}`,
      )
    if (all(plan.to, plan.schema)) return 'swapped'
    return all(plan.schema, plan.from) ? 'not_swapped' : 'unknown'
  })
}

/** Who holds locks on the tables, as people can find them. */
async function holders(client: Client, plan: ExchangePlan): Promise<string[]> {
  const { rows } = await client.query<{ who: string }>(
    `select distinct concat_ws(' ', a.usename, nullif(a.application_name, ''), a.backend_type, 'pid ' || l.pid) as who
     from pg_locks l left join pg_stat_activity a on a.pid = l.pid
     where l.relation = any($1::oid[]) and l.granted and l.pid is distinct from pg_backend_pid()`,
    [plan.tables.map(({ oid }) => oid)],
  )
  return rows.slice(0, 10).map(({ who }) => who)
}

/**
 * Checks keys that were made without looking at the rows. Writers are not kept out meanwhile.
 * @returns those that do not hold for all rows: they stay and guard what is written from now on
 */
export async function checkKeys(
  url: string,
  database: string,
  keys: readonly { readonly table: string; readonly name: string }[],
): Promise<readonly string[]> {
  if (keys.length === 0) return []
  return withClient(url, { database, statementMs: 0 }, async (client) => {
    await client.query(`set search_path = ''; set lock_timeout = '15s'`)
    const broken: string[] = []
    for (const { table, name } of keys)
      await client.query(`alter table ${table} validate constraint ${identifier(name)}`).catch((error: unknown) => {
        if (!['23503', '55P03'].includes(codeOf(error))) throw error
        broken.push(`${table} ${name}`)
      })
    return broken
  })
}
