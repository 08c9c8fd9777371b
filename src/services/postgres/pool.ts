import { identifier, withClient } from './client.ts'
import { codeOf } from './errors.ts'

/**
 * PgBouncer holds its clients back while the database behind it is exchanged: they wait instead of failing.
 * @param url of its admin console, with an account of `admin_users`
 * @throws DatabaseError when the pool cannot be reached or does not pause within 20 s
 */
export async function pausePool(url: string, database: string): Promise<void> {
  await console_(url, `PAUSE ${identifier(database)}`, /already (suspended|paused)|is being paused/i)
}

/** Lets them go on; a pool that was not paused is no error. */
export async function resumePool(url: string, database: string): Promise<void> {
  await console_(url, `RESUME ${identifier(database)}`, /not paused|not suspended/i)
}

async function console_(url: string, statement: string, harmless: RegExp): Promise<void> {
  await withClient(url, { database: 'pgbouncer' }, async (client) => {
    const late = setTimeout(() => void client.end().catch(() => undefined), 20_000)
    try {
      await client.query(statement)
    } catch (error) {
      // The console knows no SQLSTATEs of its own: its sentences tell.
      if (codeOf(error) !== '' && error instanceof Error && harmless.test(error.message)) return
      throw error
    } finally {
      clearTimeout(late)
    }
  })
}
