import type { Db, Sql } from './db.ts'
import { toJson } from './json.ts'
import { type Listener, listenOn } from './listener.ts'
import type { RunId } from './types.ts'

export type Recipient = 'slack' | 'pagerduty'

export type OutboxEntry = {
  readonly to: Recipient
  /** Entries of one lane are delivered strictly one after the other. */
  readonly lane: string
  /** The same key is the same message: a second enqueue is a no-op, or with `coalesce` makes it due again. */
  readonly key: string
  readonly kind: string
  readonly payload: Readonly<Record<string, unknown>>
  /** The message shows present state: one entry that is due again, however often it is enqueued. */
  readonly coalesce?: boolean
}

/** The entry that has the card of a run shown in its present state. Steps enqueue the same one, in SQL (`steps.ts`). */
export function runCard(id: RunId): OutboxEntry {
  return { to: 'slack', lane: `run/${id}`, key: `run/${id}`, kind: 'run', payload: { run: id }, coalesce: true }
}

/** The channel that wakes delivery; one per schema, since tests share a database. */
function outboxChannel(schema: string): string {
  return `outbox_${schema}`
}

/**
 * The statement behind `enqueue`, for use as a part of others: parameters are recipient, lane, key, kind, payload.
 * A coalesced entry that was delivered goes to the end of its lane; one that waits keeps its place.
 */
export const coalescedUpsert = (values: string): string => `
  insert into outbox as o (recipient, lane, key, kind, payload) ${values}
  on conflict (recipient, key) do update set
    payload = excluded.payload, lane = excluded.lane, kind = excluded.kind, version = o.version + 1,
    state = case o.state when 'done' then 'pending' else o.state end,
    seq = case o.state when 'done' then nextval('outbox_order') else o.seq end,
    attempts = case o.state when 'done' then 0 else o.attempts end,
    not_before = case o.state when 'done' then clock_timestamp() else o.not_before end,
    waiting_since = case o.state when 'done' then clock_timestamp() else o.waiting_since end
  returning recipient`

/** Leaves a message to be delivered. In a transaction it is there exactly when the transaction's other changes are. */
export async function enqueue(db: Sql, entry: OutboxEntry): Promise<void> {
  const values = 'values ($1, $2, $3, $4, $5::jsonb)'
  const upsert =
    entry.coalesce === true
      ? coalescedUpsert(values)
      : `insert into outbox (recipient, lane, key, kind, payload) ${values} on conflict (recipient, key) do nothing returning recipient`
  await db.query(`with put as (${upsert}) select pg_notify('outbox_' || current_schema(), recipient) from put`, [
    entry.to,
    entry.lane,
    entry.key,
    entry.kind,
    toJson(entry.payload),
  ])
}

/** An entry that this process delivers now; its lease proves it. */
export type Claimed = OutboxEntry & {
  readonly id: string
  readonly lease: string
  readonly version: number
  /** 1 at the first attempt. */
  readonly attempts: number
  readonly waitingSince: Date
}

type ClaimRecord = {
  id: string
  recipient: Recipient
  lane: string
  key: string
  kind: string
  payload: Record<string, unknown>
  lease: string
  version: number
  attempts: number
  waiting_since: Date
}

/** Short, so that what a dead process had taken is delivered soon by another; who lives and is slow renews its lease. */
const leaseSeconds = 9

/**
 * Takes the heads of lanes that are due. One lane is worked by one claimer at a time; a head that was postponed blocks
 * its own lane only. A claimer that dies loses its lease after `leaseSeconds`, and the entry is claimed again.
 */
export async function claim(
  db: Sql,
  to: Recipient,
  options: { readonly limit: number; readonly leaseSeconds?: number },
): Promise<Claimed[]> {
  const { rows } = await db.query<ClaimRecord>(
    `with heads as (
       select distinct on (lane) id from outbox where recipient = $1 and state <> 'done' order by lane, seq
     ), due as (
       select o.id from outbox o join heads using (id)
       where (o.state = 'pending' and o.not_before <= clock_timestamp()) or (o.state = 'leased' and o.leased_until < clock_timestamp())
       order by o.seq limit $2 for update of o skip locked
     )
     update outbox o set state = 'leased', lease = gen_random_uuid(), leased_until = clock_timestamp() + make_interval(secs => $3),
       attempts = o.attempts + 1
     from due where o.id = due.id
     returning o.id, o.recipient, o.lane, o.key, o.kind, o.payload, o.lease, o.version, o.attempts, o.waiting_since`,
    [to, options.limit, options.leaseSeconds ?? leaseSeconds],
  )
  return rows.map((row) => ({
    id: row.id,
    to: row.recipient,
    lane: row.lane,
    key: row.key,
    kind: row.kind,
    payload: row.payload,
    lease: row.lease,
    version: row.version,
    attempts: row.attempts,
    waitingSince: row.waiting_since,
  }))
}

type Lease = Pick<Claimed, 'id' | 'lease' | 'version'>

/** Still being delivered: the lease begins anew. Does nothing when somebody else has it. */
export async function renew(db: Sql, claimed: Lease): Promise<void> {
  await db.query(
    `update outbox set leased_until = clock_timestamp() + make_interval(secs => $3)
     where id = $1 and lease = $2 and state = 'leased'`,
    [claimed.id, claimed.lease, leaseSeconds],
  )
}

/**
 * Delivered. `again`: it was enqueued anew while being delivered, and is due once more. `lost`: the lease had run out and
 * somebody else has it.
 */
export async function settle(
  db: Sql,
  claimed: Lease,
  result: unknown = null,
): Promise<{ readonly kind: 'settled' | 'again' | 'lost' }> {
  const { rows } = await db.query<{ state: string }>(
    `with put as (
       update outbox set lease = null, leased_until = null, last_error = null, result = $3,
         state = case when version = $4 then 'done' else 'pending' end,
         attempts = case when version = $4 then attempts else 0 end,
         done_at = case when version = $4 then clock_timestamp() end,
         waiting_since = case when version = $4 then waiting_since else clock_timestamp() end
       where id = $1 and lease = $2 and state = 'leased' returning state, recipient
     )
     select state, pg_notify('outbox_' || current_schema(), recipient) from put`,
    [claimed.id, claimed.lease, toJson(result), claimed.version],
  )
  const row = rows[0]
  if (row === undefined) return { kind: 'lost' }
  return { kind: row.state === 'done' ? 'settled' : 'again' }
}

/** Not delivered now; tried again after `seconds`. Its lane waits with it. `error` is shown to operators: no secrets. */
export async function postpone(
  db: Sql,
  claimed: Lease,
  later: { readonly seconds: number; readonly error: string },
): Promise<{ readonly kind: 'postponed' | 'lost' }> {
  const { rowCount } = await db.query(
    `update outbox set state = 'pending', lease = null, leased_until = null, last_error = $4,
       not_before = clock_timestamp() + make_interval(secs => $3)
     where id = $1 and lease = $2 and state = 'leased'`,
    [claimed.id, claimed.lease, later.seconds, later.error.slice(0, 500)],
  )
  return { kind: rowCount === 1 ? 'postponed' : 'lost' }
}

/** How many entries wait, for how long the oldest does, in seconds, and when the next one is due, in milliseconds from now. */
export async function pending(
  db: Sql,
  to: Recipient,
): Promise<{ readonly count: number; readonly oldestSeconds: number; readonly nextInMs: number | undefined }> {
  const { rows } = await db.query<{ count: number; oldest: number | null; next: number | null }>(
    `select count(*)::int as count, extract(epoch from clock_timestamp() - min(waiting_since))::float8 as oldest,
       (extract(epoch from min(case state when 'leased' then leased_until else not_before end) - clock_timestamp()) * 1000)::float8 as next
     from outbox where recipient = $1 and state <> 'done'`,
    [to],
  )
  const next = rows[0]?.next ?? undefined
  return {
    count: rows[0]?.count ?? 0,
    oldestSeconds: rows[0]?.oldest ?? 0,
    nextInMs: next === undefined ? undefined : Math.max(0, next),
  }
}

/** Calls `onWork` whenever something was enqueued for the recipient, and once after each (re)connection. */
export function listen(db: Db, to: Recipient, onWork: () => void): Listener {
  return listenOn(db, outboxChannel(db.schema), (payload) => {
    if (payload === undefined || payload === to) onWork()
  })
}
