import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { Sql } from './db.ts'
import { redactText } from './redact.ts'
import type { EvidenceInput, EvidenceRow, RunId } from './types.ts'

const compress = promisify(gzip)
const decompress = promisify(gunzip)

/** Bytes kept of one item and of one run, before compression. */
export const evidenceLimits = { item: 2 * 1024 * 1024, run: 20 * 1024 * 1024 } as const

type EvidenceRecord = {
  run_id: RunId
  position: number
  name: string
  kind: EvidenceInput['kind']
  size: string
  truncated: boolean
  at: Date
}
const columns = 'run_id, position, name, kind, size, truncated, at'

/**
 * Keeps what was captured, gzipped and without what looks like a secret. Of an item that is too large the end is kept,
 * where logs tell why, under a first line that says so. Saving again replaces what the run had.
 */
export async function saveEvidence(db: Sql, runId: RunId, items: readonly EvidenceInput[]): Promise<void> {
  let left: number = evidenceLimits.run
  const rows = []
  for (const [position, item] of items.entries()) {
    const kept = truncate(redactText(item.content), Math.min(evidenceLimits.item, left))
    left = Math.max(0, left - Buffer.byteLength(kept.text))
    rows.push({ position, item, ...kept, content: await compress(kept.text) })
  }
  await db.query(
    `with gone as (delete from evidence where run_id = $1 and position >= $8)
     insert into evidence (run_id, position, name, kind, content, size, truncated)
     select $1, * from unnest($2::int[], $3::text[], $4::text[], $5::bytea[], $6::bigint[], $7::boolean[])
     on conflict (run_id, position) do update set name = excluded.name, kind = excluded.kind, content = excluded.content,
       size = excluded.size, truncated = excluded.truncated`,
    [
      runId,
      rows.map((row) => row.position),
      rows.map((row) => row.item.name),
      rows.map((row) => row.item.kind),
      rows.map((row) => row.content),
      rows.map((row) => Buffer.byteLength(row.item.content)),
      rows.map((row) => row.truncated),
      rows.length,
    ],
  )
}

function truncate(text: string, limit: number): { text: string; truncated: boolean } {
  const bytes = Buffer.from(text)
  if (bytes.length <= limit) return { text, truncated: false }
  // A cut inside a character would leave a broken one.
  let from = bytes.length - limit
  while (from < bytes.length && ((bytes[from] ?? 0) & 0xc0) === 0x80) from++
  const end = bytes.subarray(from).toString('utf8')
  return { text: `[the first ${from} of ${bytes.length} bytes were not kept]\n${end}`, truncated: true }
}

export async function listEvidence(db: Sql, runId: RunId): Promise<EvidenceRow[]> {
  const { rows } = await db.query<EvidenceRecord>(
    `select ${columns} from evidence where run_id = $1 order by position`,
    [runId],
  )
  return rows.map(toEvidence)
}

/** One item with its text. */
export async function readEvidence(
  db: Sql,
  runId: RunId,
  position: number,
): Promise<(EvidenceRow & { readonly content: string }) | undefined> {
  const { rows } = await db.query<EvidenceRecord & { content: Buffer }>(
    `select ${columns}, content from evidence where run_id = $1 and position = $2`,
    [runId, position],
  )
  const row = rows[0]
  return row && { ...toEvidence(row), content: (await decompress(row.content)).toString('utf8') }
}

function toEvidence(row: EvidenceRecord): EvidenceRow {
  return {
    runId: row.run_id,
    position: row.position,
    name: row.name,
    kind: row.kind,
    size: Number(row.size),
    truncated: row.truncated,
    at: row.at,
  }
}
