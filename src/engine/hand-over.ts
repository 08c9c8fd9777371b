import type { Db } from '../store/db.ts'

/** The engine's queue for workflows that go on elsewhere. */
export const handOverQueue = '_dbos_internal_queue'

/**
 * Gives what this executor leaves (runs that wait for people) to whoever has room, as the engine's own recovery does it
 * (`reenqueueWorkflowsForRecovery` of @dbos-inc/dbos-sdk 5.3), so that nobody has to find out that the process is gone.
 * Only after the engine's shutdown: from here on another process may run them.
 * @throws Error when the store is away; the others then take over later
 */
export async function handOver(
  db: Db,
  leaving: { readonly schema: string; readonly executorId: string; readonly applicationVersion: string },
): Promise<number> {
  const { rowCount } = await db.query(
    `update "${leaving.schema.replaceAll('"', '""')}".workflow_status
     set status = 'ENQUEUED', started_at_epoch_ms = null, owner_xid = null,
       updated_at = (extract(epoch from now()) * 1000)::bigint, queue_name = coalesce(queue_name, $1)
     where status = 'PENDING' and executor_id = $2 and application_version = $3`,
    [handOverQueue, leaving.executorId, leaving.applicationVersion],
  )
  return rowCount ?? 0
}
