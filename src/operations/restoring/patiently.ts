import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseError } from '../../services/postgres/errors.ts'

/** A server that was killed or restarted in the middle is given this long to come back. */
const patienceMs = 90_000
const pauseMs = 300

/** Does again what is safe to repeat while the server is away. @throws what `body` throws, once it was away for too long */
export async function patiently<T>(body: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    try {
      return await body()
    } catch (error) {
      const away = error instanceof DatabaseError && error.reason === 'database_away'
      if (!away || Date.now() > deadline) throw error
      await sleep(pauseMs)
    }
  }
}
