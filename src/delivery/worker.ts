import type { Logger } from 'pino'
import type { Db } from '../store/db.ts'
import { type Claimed, claim, listen, pending, postpone, type Recipient, renew, settle } from '../store/outbox.ts'
import type { Delivered, Handler } from './types.ts'

export type Worker = {
  /** Finishes what it has claimed, and claims no more. */
  stop(): Promise<void>
}

/** So many lanes at once. */
const atOnce = 8
const firstPauseMs = 500
const longestPauseMs = 10_000
/** Looked this often even when nothing called: a notification may be lost with its connection. */
const longestRestMs = 5_000
/** A third of a lease. */
const renewEveryMs = 3_000
/** Entries behind a waiting head look due and are not: never asked for more often than this. */
const shortestRestMs = 200
/** News comes in bursts: one look for all of it. And what follows a click on its way to the cluster goes first. */
const gatherMs = 60

/**
 * Takes entries of the outbox, lane by lane in order, and hands each to its handler; a slow one holds up its own lane only.
 * While the service is away one entry is tried now and then, and the others wait. Nothing is lost, because an entry leaves
 * the outbox only when it is settled.
 */
export function startWorker(db: Db, to: Recipient, handlers: Readonly<Record<string, Handler>>, log: Logger): Worker {
  const active = new Set<Promise<void>>()
  const alarm = makeAlarm()
  let stopped = false
  let failures = 0
  let awayMs = 0

  const begin = (entry: Claimed): void => {
    const work = deliver(db, handlers, entry, log)
      .then((result) => {
        const away = result.kind === 'later' && result.away
        if (!away && awayMs > 0) log.info({ to }, 'answers again; what waited is delivered now')
        failures = away ? failures + 1 : 0
        // One broken connection is no outage: only its own lane waits.
        awayMs = failures < 2 ? 0 : Math.min(longestPauseMs, awayMs === 0 ? firstPauseMs : awayMs * 2)
      })
      .catch((error: unknown) =>
        log.warn(
          { err: error, key: entry.key },
          'the end of a delivery could not be written down; it is claimed again',
        ),
      )
      .finally(() => {
        active.delete(work)
        alarm.ring()
      })
    active.add(work)
  }

  /** @returns how long nothing is to be done, unless the alarm rings */
  const round = async (): Promise<number> => {
    const free = (awayMs > 0 ? 1 : atOnce) - active.size
    if (free <= 0) return longestRestMs
    const claimed = await claim(db, to, { limit: free })
    for (const entry of claimed) begin(entry)
    if (claimed.length > 0) return awayMs
    const { count, nextInMs } = await pending(db, to)
    if (count === 0) return longestRestMs
    return Math.max(shortestRestMs, Math.min(longestRestMs, nextInMs ?? longestRestMs))
  }

  const loop = async (): Promise<void> => {
    while (!stopped) {
      const restMs = await round().catch((error: unknown) => {
        log.warn({ err: error, to }, 'delivery cannot reach the store; trying again')
        return 1_000
      })
      // While the service is away, new work is no reason to try sooner.
      if (!stopped && restMs > 0) await (awayMs > 0 ? alarm.silent(awayMs) : alarm.rest(restMs))
      if (!stopped && restMs > 0) await alarm.silent(gatherMs)
    }
  }

  const listener = listen(db, to, alarm.ring)
  const running = loop()
  return {
    stop: async () => {
      stopped = true
      alarm.end()
      await Promise.all([listener.stop(), running])
      await Promise.all(active)
    },
  }
}

/** A rest that ends early when the alarm rings, also when it rang just before. */
function makeAlarm() {
  let rang = false
  let wake = (): void => undefined
  let end = (): void => undefined
  const wait = (ms: number, breakable: boolean): Promise<void> =>
    new Promise((resolve) => {
      const over = (): void => {
        clearTimeout(timer)
        wake = () => undefined
        end = () => undefined
        resolve()
      }
      const timer = setTimeout(over, ms)
      end = over
      if (breakable) wake = over
    })
  return {
    ring: (): void => {
      rang = true
      wake()
    },
    rest: async (ms: number): Promise<void> => {
      if (!rang) await wait(ms, true)
      rang = false
    },
    silent: (ms: number): Promise<void> => wait(ms, false),
    end: (): void => end(),
  }
}

async function deliver(
  db: Db,
  handlers: Readonly<Record<string, Handler>>,
  entry: Claimed,
  log: Logger,
): Promise<Delivered> {
  const renewal = setInterval(
    () =>
      void renew(db, entry).catch((error: unknown) =>
        log.debug({ err: error, key: entry.key }, 'a lease was not renewed'),
      ),
    renewEveryMs,
  )
  const result = await handled(handlers, entry, log).finally(() => clearInterval(renewal))
  if (result.kind === 'done') await settle(db, entry)
  else await postpone(db, entry, { seconds: result.seconds, error: result.error })
  return result
}

/** A handler that throws met something unexpected: its lane waits, the others go on. */
async function handled(handlers: Readonly<Record<string, Handler>>, entry: Claimed, log: Logger): Promise<Delivered> {
  const handler = Object.hasOwn(handlers, entry.kind) ? handlers[entry.kind] : undefined
  if (handler === undefined) {
    log.error(
      { kind: entry.kind, key: entry.key },
      'an entry of the outbox of a kind that nobody delivers; it is left out',
    )
    return { kind: 'done' }
  }
  try {
    return await handler(entry)
  } catch (error) {
    log.error(
      { err: error, kind: entry.kind, key: entry.key, attempts: entry.attempts },
      'an entry of the outbox could not be delivered',
    )
    return {
      kind: 'later',
      seconds: Math.min(60, 2 ** Math.min(entry.attempts, 6)),
      error: error instanceof Error ? error.name : 'unknown',
      away: false,
    }
  }
}
