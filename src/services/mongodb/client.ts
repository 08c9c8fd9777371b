import type { Db, MongoClient } from 'mongodb'
import { databaseIn } from './address.ts'
import { mongoError } from './errors.ts'

export type Opening = {
  /** How long one answer of the server may take, ms. */
  readonly answerMs?: number
  readonly signal?: AbortSignal
}

const selectMs = 5_000
const usualAnswerMs = 60_000

/** A connection to one database: what it is called on the server, and its client. */
export type Connected = { readonly client: MongoClient; readonly db: Db }

/**
 * A connection for the time of `body`. The driver is loaded here: a bot without MongoDB does without its memory.
 * @throws DatabaseError with a reason: away, gone, denied, right_missing, ...
 */
export async function withMongo<T>(
  url: string,
  opening: Opening,
  body: (connected: Connected) => Promise<T>,
): Promise<T> {
  const { MongoClient } = await import('mongodb')
  const cancelled = Promise.withResolvers<never>()
  cancelled.promise.catch(() => undefined)
  let client: MongoClient | undefined
  const cut = () => {
    cancelled.reject(new Error('the work was cancelled'))
    client?.close(true).catch(() => undefined)
  }
  opening.signal?.addEventListener('abort', cut, { once: true })
  try {
    if (opening.signal?.aborted === true) throw new Error('the work was cancelled')
    const name = databaseIn(url)
    client = new MongoClient(url, {
      appName: 'rescue',
      maxPoolSize: 3,
      serverSelectionTimeoutMS: selectMs,
      connectTimeoutMS: selectMs,
      socketTimeoutMS: opening.answerMs ?? usualAnswerMs,
    })
    // Without a listener an error of its monitor would end the process.
    client.on('error', () => undefined)
    const db = client.db(name)
    return await Promise.race([cancelled.promise, client.connect().then((open) => body({ client: open, db }))])
  } catch (error) {
    throw mongoError(error)
  } finally {
    opening.signal?.removeEventListener('abort', cut)
    await client?.close().catch(() => undefined)
  }
}
