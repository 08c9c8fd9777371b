import { clearDocuments } from '../operations/recover-mongo/clear.ts'
import { clearDatabases } from '../operations/recover-postgres/clear.ts'
import type { Services } from '../operations/services.ts'
import { rest as pause } from './leader.ts'

const everyMs = 10 * 60_000

/** Takes away what restores have left behind, now and then. */
export async function clearAway(services: Services, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const dropped = [...(await clearDatabases(services)), ...(await clearDocuments(services))]
    if (dropped.length > 0) services.log.info({ dropped }, 'databases that restores had left were dropped')
    await pause(everyMs, signal)
  }
}
