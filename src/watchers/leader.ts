import type pg from 'pg'
import type { Logger } from 'pino'
import { leading } from '../metrics.ts'
import type { Db } from '../store/db.ts'
import { tryLock } from '../store/locks.ts'

export type Leadership = { stop(): Promise<void> }

const everyMs = 2_000

/**
 * Keeps `work` going in one replica at a time: whoever holds the named lock. When that process dies its connection goes
 * with it, and another takes over at its next look.
 * @param work runs until the signal; it ends when the lock's connection is lost
 */
export function lead(db: Db, name: string, log: Logger, work: (signal: AbortSignal) => Promise<void>): Leadership {
  const end = new AbortController()
  const loop = (async () => {
    while (!end.signal.aborted) {
      await once(db, name, end.signal, work).catch((error: unknown) => log.debug({ err: error, name }, 'not leading'))
      await rest(everyMs, end.signal)
    }
  })()
  return {
    stop: async () => {
      end.abort()
      await loop
    },
  }
}

async function once(
  db: Db,
  name: string,
  end: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const client: pg.Client = await db.connect()
  const lost = new AbortController()
  client.on('end', () => lost.abort())
  try {
    if (!(await tryLock(client, name))) return
    leading.set({ work: name }, 1)
    await work(AbortSignal.any([end, lost.signal]))
  } finally {
    leading.set({ work: name }, 0)
    await client.end().catch(() => undefined)
  }
}

/** Sleeps, or wakes early at the signal. */
export function rest(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}
