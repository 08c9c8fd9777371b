import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, identifier, withClient } from './client.ts'
import { DatabaseError } from './errors.ts'

/** Names by OID: what a database is called changes, what it is does not. */
export type SwapPlan = {
  readonly url: string
  /** Where the statements are sent from: never one of the two. */
  readonly maintenance: string
  readonly live: string
  readonly kept: string
  /** Undefined: the live database is gone, and there is nothing to keep. */
  readonly liveOid: number | undefined
  readonly next: { readonly name: string; readonly oid: number }
}

export type Swapped =
  | { readonly kind: 'swapped'; readonly ms: number; readonly ended: number }
  /** Sessions, prepared transactions or replication that do not leave; nothing was changed. */
  | { readonly kind: 'sessions_stay'; readonly who: readonly string[] }
  /** A database is not what was approved; nothing was changed. */
  | { readonly kind: 'moved'; readonly why: string }

const attempts = 2
const ejectMs = 20

/**
 * Two renames in one transaction. The first takes the lock, so that nobody new comes in, and waits up to 5 s for sessions
 * to leave; meanwhile another connection ends them, again and again. Terminating first and renaming then fails when an
 * application reconnects in between.
 * @throws DatabaseError
 */
export async function swap(plan: SwapPlan): Promise<Swapped> {
  const opening = { database: plan.maintenance, statementMs: 30_000 }
  return withClient(plan.url, opening, (renaming) =>
    withClient(plan.url, opening, async (ejecting) => {
      const moved = await movedSince(renaming, plan)
      if (moved !== undefined) return { kind: 'moved', why: moved }
      for (let attempt = 1; ; attempt++) {
        const outcome = await tryOnce(renaming, ejecting, plan)
        if (outcome !== undefined) return outcome
        if (attempt === attempts) return { kind: 'sessions_stay', who: await sessionsOf(ejecting, plan) }
      }
    }),
  )
}

async function tryOnce(renaming: Client, ejecting: Client, plan: SwapPlan): Promise<Swapped | undefined> {
  const started = performance.now()
  const done = new AbortController()
  const ejected = eject(ejecting, plan, done.signal)
  try {
    await renaming.query('begin')
    if (plan.liveOid !== undefined)
      await renaming.query(`alter database ${identifier(plan.live)} rename to ${identifier(plan.kept)}`)
    await renaming.query(`alter database ${identifier(plan.next.name)} rename to ${identifier(plan.live)}`)
    // One that was kept is closed until then.
    await renaming.query(`alter database ${identifier(plan.live)} allow_connections true`)
    // The names were read before the lock: what has them now is looked at once more, inside.
    const moved = await misnamed(renaming, plan)
    await renaming.query(moved === undefined ? 'commit' : 'rollback')
    done.abort()
    if (moved !== undefined) return { kind: 'moved', why: moved }
    return { kind: 'swapped', ms: Math.round(performance.now() - started), ended: await ejected }
  } catch (error) {
    await renaming.query('rollback').catch(() => undefined)
    if (error instanceof Error && 'code' in error && error.code === '55006') return undefined
    throw error
  } finally {
    done.abort()
    await ejected.catch(() => undefined)
  }
}

/** Ends the sessions of both databases every 20 ms until the renames are through; gives how many there were. */
async function eject(client: Client, plan: SwapPlan, signal: AbortSignal): Promise<number> {
  const oids = [plan.liveOid, plan.next.oid].filter((oid) => oid !== undefined)
  const pids = new Set<number>()
  while (!signal.aborted) {
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_stat_activity where datid = any($1::oid[]) and pid <> pg_backend_pid() and backend_type = 'client backend'`,
      [oids],
    )
    // One by one: a session that may not be ended (a superuser's) must not keep the others from being ended.
    for (const { pid } of rows) {
      pids.add(pid)
      await client.query('select pg_terminate_backend($1)', [pid]).catch(() => undefined)
    }
    await sleep(ejectMs, undefined, { signal }).catch(() => undefined)
  }
  return pids.size
}

type Named = { readonly oid: number; readonly name: string }

async function namesOf(client: Client, plan: SwapPlan): Promise<Named[]> {
  const { rows } = await client.query<Named>(
    'select oid::int8::float8 as oid, datname as name from pg_database where oid = any($1::oid[]) or datname = any($2)',
    [
      [plan.liveOid ?? 0, plan.next.oid],
      [plan.live, plan.kept],
    ],
  )
  return rows
}

/** Why the world is not the one that was approved; undefined when it is. */
async function movedSince(client: Client, plan: SwapPlan): Promise<string | undefined> {
  const names = await namesOf(client, plan)
  const named = (name: string) => names.find((each) => each.name === name)
  if (names.find(({ oid }) => oid === plan.next.oid)?.name !== plan.next.name) return `${plan.next.name} is not there`
  if (named(plan.live)?.oid !== plan.liveOid) return `${plan.live} is another database than before`
  if (plan.liveOid !== undefined && named(plan.kept) !== undefined) return `${plan.kept} exists already`
  return undefined
}

async function misnamed(client: Client, plan: SwapPlan): Promise<string | undefined> {
  const names = await namesOf(client, plan)
  const nameOf = (oid: number | undefined) => names.find((each) => each.oid === oid)?.name
  if (nameOf(plan.next.oid) !== plan.live) return `${plan.live} became another database`
  if (plan.liveOid !== undefined && nameOf(plan.liveOid) !== plan.kept) return `${plan.kept} is another database`
  return undefined
}

/** After a crash: by OID, never by memory. `unknown` when neither the old nor the new state stands. */
export async function lookAtSwap(plan: SwapPlan): Promise<'swapped' | 'not_swapped' | 'unknown'> {
  return withClient(plan.url, { database: plan.maintenance, statementMs: 10_000 }, async (client) => {
    const names = await namesOf(client, plan)
    const next = names.find(({ oid }) => oid === plan.next.oid)?.name
    const old = names.find(({ oid }) => oid === plan.liveOid)?.name
    if (next === plan.live && (plan.liveOid === undefined || old === plan.kept)) return 'swapped'
    if (next === plan.next.name && (plan.liveOid === undefined || old === plan.live)) return 'not_swapped'
    return 'unknown'
  })
}

/** Who still holds the databases, as people can find them. */
async function sessionsOf(client: Client, plan: SwapPlan): Promise<string[]> {
  const { rows } = await client.query<{ who: string }>(
    `select concat_ws(' ', usename, nullif(application_name, ''), backend_type, 'pid ' || pid) as who
       from pg_stat_activity where datid = any($1::oid[])
     union all select 'prepared transaction ' || gid from pg_prepared_xacts where database = any($2)`,
    [
      [plan.liveOid ?? 0, plan.next.oid],
      [plan.live, plan.next.name],
    ],
  )
  return rows.slice(0, 10).map(({ who }) => who)
}

/** @throws DatabaseError `database_gone` when there is none of this name */
export async function oidOf(client: Client, database: string): Promise<number> {
  const { rows } = await client.query<{ oid: number }>(
    'select oid::int8::float8 as oid from pg_database where datname = $1',
    [database],
  )
  if (rows[0] === undefined) throw new DatabaseError('database_gone', '3D000', `database "${database}" does not exist`)
  return rows[0].oid
}
