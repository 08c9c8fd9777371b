import { DBOS } from '@dbos-inc/dbos-sdk'
import type { Logger } from 'pino'
import type { Db } from '../store/db.ts'
import { tryLock } from '../store/locks.ts'
import { type Removed, type RetentionLimits, removeOld } from '../store/retention.ts'

const firstMs = 60_000
const everyMs = 6 * 60 * 60_000
const page = 500

/** Removes what is too old a minute after the start and every 6 hours, in one replica at a time. */
export function startRetention(db: Db, limits: RetentionLimits, log: Logger): { stop(): void } {
  const run = () =>
    void retain(db, limits).then(
      (removed) => removed !== undefined && log.info({ removed }, 'removed what is older than the catalog says'),
      (error: unknown) => log.warn({ err: error }, 'could not remove what is too old; the next pass tries again'),
    )
  const first = setTimeout(run, firstMs)
  const timer = setInterval(run, everyMs)
  return {
    stop() {
      clearTimeout(first)
      clearInterval(timer)
    },
  }
}

/** One pass; undefined when another replica is at it. */
export async function retain(
  db: Db,
  limits: RetentionLimits,
): Promise<(Removed & { readonly workflows: number }) | undefined> {
  const client = await db.connect()
  try {
    if (!(await tryLock(client, `rescue retention ${db.schema}`))) return undefined
    const removed = await removeOld(db, limits)
    await db.query(`delete from taken_over where at < clock_timestamp() - interval '7 days'`)
    return { ...removed, workflows: await removeWorkflows(limits.runsDays) }
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** The engine keeps ended workflows for ever by itself. Only ended ones, whatever their age. */
async function removeWorkflows(days: number): Promise<number> {
  const endTime = new Date(Date.now() - days * 86_400_000).toISOString()
  for (let count = 0; ; ) {
    const old = await DBOS.listWorkflows({
      status: ['SUCCESS', 'ERROR', 'CANCELLED'],
      endTime,
      limit: page,
      loadInput: false,
      loadOutput: false,
    })
    if (old.length === 0) return count
    await DBOS.deleteWorkflows(old.map((workflow) => workflow.workflowID))
    count += old.length
  }
}
