import type { Db } from './db.ts'

export type Listener = { stop(): Promise<void> }

const longestWaitMs = 2_000

/**
 * Listens on a channel of PostgreSQL, on a connection of its own, which is made again for ever when it is lost.
 * @param onPayload also called without a payload after each (re)connection, since notifications may have been missed
 */
export function listenOn(db: Db, channel: string, onPayload: (payload: string | undefined) => void): Listener {
  let stopped = false
  let end: (() => Promise<void>) | undefined
  let timer: NodeJS.Timeout | undefined
  const connect = async (delayMs: number): Promise<void> => {
    try {
      const client = await db.connect()
      end = () => client.end().catch(() => undefined)
      client.once('end', () => again(100))
      client.on('notification', (message) => onPayload(message.payload ?? ''))
      await client.query(`listen ${channel}`)
      if (stopped) await end()
      else onPayload(undefined)
    } catch (error) {
      db.log.warn({ err: error }, 'cannot listen to the store; trying again')
      await end?.()
      again(Math.min(longestWaitMs, delayMs * 2))
    }
  }
  const again = (delayMs: number): void => {
    if (stopped) return
    clearTimeout(timer)
    timer = setTimeout(() => void connect(delayMs), delayMs)
  }
  void connect(100)
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await end?.()
    },
  }
}
