import pg from 'pg'
import { pause } from '../stats.ts'

export type Asked = {
  /** The longest time between two answers, in ms. */
  readonly silence: number
  readonly answered: number
  readonly failed: number
}

export type AskingClient = {
  /** Counts anew from now on. */
  begin(): void
  soFar(): Asked
  stop(): Promise<Asked>
}

/** An application that asks the database about 200 times a second and connects again where a connection was ended. */
export function startClient(url: string): AskingClient {
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 30_000 })
  pool.on('error', () => undefined)
  let [silence, answered, failed, last, asking] = [0, 0, 0, performance.now(), true]
  const soFar = (): Asked => ({ silence: Math.max(silence, performance.now() - last), answered, failed })
  const loop = (async () => {
    while (asking) {
      try {
        await pool.query('select id from vessels where id = 1')
        silence = Math.max(silence, performance.now() - last)
        last = performance.now()
        answered += 1
      } catch {
        failed += 1
      }
      await pause(5)
    }
  })()
  return {
    begin: () => {
      ;[silence, answered, failed, last] = [0, 0, 0, performance.now()]
    },
    soFar,
    stop: async () => {
      asking = false
      await loop
      await pool.end()
      return soFar()
    },
  }
}
