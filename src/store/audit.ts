import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical.ts'
import type { Sql } from './db.ts'
import { storable, toJson } from './json.ts'
import { redact } from './redact.ts'
import type { Actor, AuditEntry, RunId } from './types.ts'

export type NewAuditEntry = {
  readonly kind: string
  readonly runId?: RunId
  readonly actor: Actor
  readonly data: Readonly<Record<string, unknown>>
}

type AuditRecord = {
  seq: string
  at: string
  kind: string
  run_id: RunId | null
  actor: Actor
  data: Record<string, unknown>
  body: string
  previous: string
  hash: string
}

/**
 * Adds an entry to the chain. In a transaction it is there exactly when the transaction's other changes are; appends wait
 * for one another until the transaction ends, so append late and end soon. Secrets are taken out of the data first.
 */
export async function appendAudit(db: Sql, entry: NewAuditEntry): Promise<AuditEntry> {
  const { rows } = await db.query<AuditRecord>('select * from append_audit($1, $2, $3, $4, $5)', columnsOf(entry))
  const row = rows[0]
  if (row === undefined) throw new Error('the audit gave no entry back')
  return toEntry(row)
}

/** As `appendAudit`, but a run's entry that is there already is not added again: a step is entered anew after a crash. */
export async function appendAuditOnce(db: Sql, entry: NewAuditEntry & { readonly runId: RunId }): Promise<void> {
  await db.query(
    `select added.seq from append_audit($1, $2, $3, $4, $5) as added
     where not exists (select from audit where run_id = $2 and kind = $1 and data = $4::jsonb)`,
    columnsOf(entry),
  )
}

function columnsOf(entry: NewAuditEntry): readonly unknown[] {
  const kept = {
    kind: entry.kind,
    runId: entry.runId ?? null,
    actor: storable(entry.actor),
    data: storable(redact(entry.data)),
  }
  return [kept.kind, kept.runId, toJson(kept.actor), toJson(kept.data), canonicalJson(kept)]
}

/** The newest entry of a run of this kind and with these data. */
export async function findAudit(
  db: Sql,
  runId: RunId,
  kind: string,
  data: Readonly<Record<string, unknown>>,
): Promise<AuditEntry | undefined> {
  const { rows } = await db.query<AuditRecord>(
    'select * from audit where run_id = $1 and kind = $2 and data @> $3::jsonb order by seq desc limit 1',
    [runId, kind, toJson(data)],
  )
  return rows[0] === undefined ? undefined : toEntry(rows[0])
}

export type AuditQuery = {
  readonly runId?: RunId
  /** An actor's name. */
  readonly actor?: string
  readonly since?: Date
  readonly limit?: number
  /** Only entries before this one, for the next page. */
  readonly before?: number
}

/** Newest first; 50 unless told. */
export async function listAudit(db: Sql, query: AuditQuery = {}): Promise<AuditEntry[]> {
  const { rows } = await db.query<AuditRecord>(
    `select * from audit
     where ($1::text is null or run_id = $1) and ($2::text is null or actor ->> 'name' = $2)
       and ($3::text is null or at >= $3) and ($4::bigint is null or seq < $4)
     order by seq desc limit $5`,
    [
      query.runId ?? null,
      query.actor ?? null,
      query.since?.toISOString() ?? null,
      query.before ?? null,
      query.limit ?? 50,
    ],
  )
  return rows.map(toEntry)
}

/** Number and hash of the last entry: kept elsewhere, it proves later that nothing before it was changed. */
export async function auditHead(db: Sql): Promise<{ readonly seq: number; readonly hash: string }> {
  const { rows } = await db.query<{ seq: string; hash: string }>('select seq, hash from audit_head')
  return { seq: Number(rows[0]?.seq ?? 0), hash: rows[0]?.hash ?? noHash }
}

export type Verdict =
  | { readonly kind: 'intact'; readonly entries: number; readonly hash: string }
  | {
      readonly kind: 'broken'
      readonly seq: number
      /** `cut`: the newest entries are gone. `head_changed`: all entries fit, but not the head that counts them. */
      readonly what: 'changed' | 'removed' | 'inserted' | 'cut' | 'head_changed'
    }

const noHash = '0'.repeat(64)
const page = 2_000

/**
 * Reads the whole chain and computes every hash anew.
 * @param witness an `auditHead` of earlier: also a chain that was rewritten as a whole is then found
 */
export async function verifyAudit(
  db: Sql,
  witness?: { readonly seq: number; readonly hash: string },
): Promise<Verdict> {
  const head = await auditHead(db)
  let last = { seq: 0, hash: noHash }
  for (;;) {
    const { rows } = await db.query<AuditRecord>('select * from audit where seq > $1 order by seq limit $2', [
      last.seq,
      page,
    ])
    for (const row of rows) {
      const seq = Number(row.seq)
      const fault = judge(row, last)
      if (fault !== undefined) return { kind: 'broken', seq: fault === 'removed' ? last.seq + 1 : seq, what: fault }
      if (seq === witness?.seq && row.hash !== witness.hash) return { kind: 'broken', seq, what: 'changed' }
      if (seq === head.seq && row.hash !== head.hash) return { kind: 'broken', seq, what: 'head_changed' }
      last = { seq, hash: row.hash }
    }
    if (rows.length < page) break
  }
  if (last.seq < Math.max(head.seq, witness?.seq ?? 0)) return { kind: 'broken', seq: last.seq + 1, what: 'cut' }
  const now = await auditHead(db)
  if (now.seq < last.seq) return { kind: 'broken', seq: now.seq + 1, what: 'inserted' }
  return { kind: 'intact', entries: last.seq, hash: last.hash }
}

function judge(row: AuditRecord, last: { seq: number; hash: string }): 'changed' | 'removed' | 'inserted' | undefined {
  const seq = Number(row.seq)
  const own = createHash('sha256').update(`${row.previous}\n${row.seq}\n${row.at}\n${row.body}`).digest('hex')
  const repeated = canonicalJson({ kind: row.kind, runId: row.run_id, actor: row.actor, data: row.data })
  if (own !== row.hash || repeated !== row.body) return 'changed'
  if (seq > last.seq + 1) return 'removed'
  // The row is whole in itself, but does not continue the one before it.
  return row.previous === last.hash ? undefined : 'inserted'
}

function toEntry(row: AuditRecord): AuditEntry {
  return {
    seq: Number(row.seq),
    at: new Date(row.at),
    kind: row.kind,
    runId: row.run_id ?? undefined,
    actor: row.actor,
    data: row.data,
    hash: row.hash,
  }
}
