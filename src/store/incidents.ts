import { type Db, type Sql, type Tx, transaction } from './db.ts'
import { toJson } from './json.ts'
import { type RunRecord, runColumns, toRun } from './run-row.ts'
import type { Actor, IncidentEntry, IncidentRow, RunId, RunRow } from './types.ts'

type Subject = { readonly kind: string; readonly name: string }
type Severity = IncidentRow['severity']

type IncidentRecord = {
  id: string
  key: string
  subject: Subject
  severity: Severity
  language: 'es' | 'en'
  channel: string | null
  channel_name: string | null
  state: 'open' | 'resolved'
  opened_at: Date
  resolved_at: Date | null
}
const columns = 'id, key, subject, severity, language, channel, channel_name, state, opened_at, resolved_at'

/**
 * The open incident of a subject, or a new one. Joining can make it more severe, never less.
 * Ids are the UTC day and a number within it: `INC-20261124-01`.
 */
export async function openOrJoinIncident(
  db: Db | Tx,
  wanted: {
    readonly subject: Subject
    readonly severity: Severity
    readonly language: 'es' | 'en'
    readonly actor?: Actor
    readonly runId?: RunId
  },
): Promise<{ readonly incident: IncidentRow; readonly opened: boolean }> {
  return transaction(db, async (tx) => {
    // Two runs of one subject in the same moment: the second waits here and joins. Ends with the transaction.
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('incidents ' || current_schema(), 0))`)
    const found = await tx.query<IncidentRecord>(
      `update incidents set severity = least(severity, $3)
       where state = 'open' and subject ->> 'kind' = $1 and subject ->> 'name' = $2 returning ${columns}`,
      [wanted.subject.kind, wanted.subject.name, wanted.severity],
    )
    const made = found.rows[0] === undefined ? await insert(tx, wanted) : undefined
    const row = found.rows[0] ?? made
    if (row === undefined) throw new Error('an incident was neither opened nor found')
    const actor = wanted.actor ?? { kind: 'bot', name: 'rescue' }
    if (made !== undefined)
      await addIncidentEntry(tx, row.id, { kind: 'opened', actor, data: { severity: wanted.severity } })
    if (wanted.runId !== undefined) await joinRun(tx, row.id, wanted.runId, actor)
    return { incident: toIncident(row), opened: made !== undefined }
  })
}

async function insert(
  tx: Tx,
  wanted: { readonly subject: Subject; readonly severity: Severity; readonly language: string },
): Promise<IncidentRecord | undefined> {
  const { rows } = await tx.query<IncidentRecord>(
    `with day as (select 'INC-' || to_char(now() at time zone 'UTC', 'YYYYMMDD') || '-' as prefix),
     next as (
       select prefix || lpad(n::text, greatest(2, length(n::text)), '0') as id
       from day, lateral (
         select 1 + coalesce(max(substr(id, 14)::int), 0) as n from incidents where starts_with(id, prefix)
       ) as numbers
     )
     insert into incidents (id, key, subject, severity, language)
     select id, 'rescue-' || lower(id), $1, $2, $3 from next returning ${columns}`,
    [toJson(wanted.subject), wanted.severity, wanted.language],
  )
  return rows[0]
}

async function joinRun(tx: Tx, id: string, runId: RunId, actor: Actor): Promise<void> {
  const { rowCount } = await tx.query(
    'update runs set incident_id = $2 where id = $1 and incident_id is distinct from $2',
    [runId, id],
  )
  if (rowCount === 1) await addIncidentEntry(tx, id, { kind: 'run', actor, data: { run: runId } })
}

/** The channel that was made for it; the first one stands. */
export async function setIncidentChannel(
  db: Sql,
  id: string,
  channel: { readonly id: string; readonly name: string },
): Promise<void> {
  await db.query(
    `with put as (
       update incidents set channel = $2, channel_name = $3 where id = $1 and channel is null returning id
     )
     insert into incident_entries (incident_id, kind, actor, data)
     select id, 'channel', '{"kind":"bot","name":"rescue"}', jsonb_build_object('channel', $2::text, 'name', $3::text) from put`,
    [id, channel.id, channel.name],
  )
}

/** Open -> resolved; undefined when it was resolved before or does not exist. */
export async function resolveIncident(db: Db | Tx, id: string, by: Actor): Promise<IncidentRow | undefined> {
  return transaction(db, async (tx) => {
    const { rows } = await tx.query<IncidentRecord>(
      `update incidents set state = 'resolved', resolved_at = clock_timestamp()
       where id = $1 and state = 'open' returning ${columns}`,
      [id],
    )
    if (rows[0] === undefined) return undefined
    await addIncidentEntry(tx, id, { kind: 'resolved', actor: by, data: {} })
    return toIncident(rows[0])
  })
}

export async function getIncident(db: Sql, id: string): Promise<IncidentRow | undefined> {
  const { rows } = await db.query<IncidentRecord>(`select ${columns} from incidents where id = $1`, [id])
  return rows[0] && toIncident(rows[0])
}

/** The incident whose channel this is. */
export async function incidentOfChannel(db: Sql, channel: string): Promise<IncidentRow | undefined> {
  const { rows } = await db.query<IncidentRecord>(
    `select ${columns} from incidents where channel = $1 order by opened_at desc limit 1`,
    [channel],
  )
  return rows[0] && toIncident(rows[0])
}

/** Newest first; 50 unless told. */
export async function listIncidents(
  db: Sql,
  query: { readonly state?: 'open' | 'resolved'; readonly subject?: Subject; readonly limit?: number } = {},
): Promise<IncidentRow[]> {
  const { rows } = await db.query<IncidentRecord>(
    `select ${columns} from incidents where ($1::text is null or state = $1)
       and ($2::text is null or (subject ->> 'kind' = $2 and subject ->> 'name' = $3))
     order by opened_at desc, id desc limit $4`,
    [query.state ?? null, query.subject?.kind ?? null, query.subject?.name ?? null, query.limit ?? 50],
  )
  return rows.map(toIncident)
}

/** In the order they joined the world. */
export async function runsOfIncident(db: Sql, id: string): Promise<RunRow[]> {
  const { rows } = await db.query<RunRecord>(`select ${runColumns} from runs where incident_id = $1 order by number`, [
    id,
  ])
  return rows.map(toRun)
}

export async function addIncidentEntry(
  db: Sql,
  id: string,
  entry: { readonly kind: string; readonly actor: Actor; readonly data: Readonly<Record<string, unknown>> },
): Promise<void> {
  await db.query('insert into incident_entries (incident_id, kind, actor, data) values ($1, $2, $3, $4)', [
    id,
    entry.kind,
    toJson(entry.actor),
    toJson(entry.data),
  ])
}

/** The timeline, oldest first. */
export async function incidentTimeline(db: Sql, id: string): Promise<IncidentEntry[]> {
  const { rows } = await db.query<{ at: Date; kind: string; actor: Actor; data: Record<string, unknown> }>(
    'select at, kind, actor, data from incident_entries where incident_id = $1 order by id',
    [id],
  )
  return rows
}

function toIncident(row: IncidentRecord): IncidentRow {
  return {
    id: row.id,
    key: row.key,
    subject: row.subject,
    severity: row.severity,
    language: row.language,
    channel: row.channel ?? undefined,
    channelName: row.channel_name ?? undefined,
    state: row.state,
    openedAt: row.opened_at,
    resolvedAt: row.resolved_at ?? undefined,
  }
}
