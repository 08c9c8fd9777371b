import { appendAudit, auditHead } from './audit.ts'
import { type Db, transaction } from './db.ts'

export type RetentionLimits = { readonly runsDays: number; readonly evidenceDays: number }

export type Removed = {
  readonly runs: number
  readonly evidence: number
  readonly messages: number
  readonly acts: number
  readonly incidents: number
}

/** Delivered messages are kept for so long, to recognise a second enqueue of the same one. */
const deliveredDays = 30

/**
 * Removes what is older than the catalog says. Never a run that has not ended, an incident that is open, a message not yet
 * delivered, or anything of the audit, to which a `checkpoint` entry is added that tells what went and where the chain stood.
 */
export async function removeOld(db: Db, limits: RetentionLimits): Promise<Removed> {
  return transaction(db, async (tx) => {
    const count = async (sql: string, days: number): Promise<number> => (await tx.query(sql, [days])).rowCount ?? 0
    const old = (column: string) => `${column} < clock_timestamp() - make_interval(days => $1)`
    const removed: Removed = {
      evidence: await count(
        `delete from evidence using runs where runs.id = evidence.run_id and runs.state = 'ended' and ${old('runs.ended_at')}`,
        limits.evidenceDays,
      ),
      acts: await count(
        `delete from acts using runs where runs.id = acts.run_id and runs.state = 'ended' and ${old('runs.ended_at')}`,
        limits.runsDays,
      ),
      incidents: await count(
        `delete from incidents where state = 'resolved' and ${old('resolved_at')}
         and not exists (select from runs where incident_id = incidents.id and state <> 'ended')`,
        limits.runsDays,
      ),
      runs: await count(`delete from runs where state = 'ended' and ${old('ended_at')}`, limits.runsDays),
      messages: await count(
        `delete from outbox where state = 'done' and ${old('done_at')}
         and not exists (select from runs where 'run/' || runs.id = outbox.key and runs.state <> 'ended')`,
        Math.min(deliveredDays, limits.runsDays),
      ),
    }
    const orphans = `delete from messages where owner like 'run/%' and ${old('posted_at')}
      and not exists (select from runs where 'run/' || runs.id = owner or owner like 'run/' || runs.id || '/%')`
    await tx.query(orphans, [limits.runsDays])
    const bad = `delete from automatic_decisions where ${old('seen_at')}
      and not exists (select from runs where id = automatic_decisions.run_id)`
    await tx.query(bad, [limits.runsDays])
    await tx.query(`delete from messages where owner like 'release/%' and ${old('posted_at')}`, [limits.runsDays])
    if (Object.values(removed).some((rows) => rows > 0)) {
      const { seq, hash } = await auditHead(tx)
      await appendAudit(tx, {
        kind: 'checkpoint',
        actor: { kind: 'bot', name: 'rescue' },
        data: { removed, limits, entries: seq, hash },
      })
    }
    return removed
  })
}
