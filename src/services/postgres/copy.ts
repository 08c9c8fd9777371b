import type { Duplex } from 'node:stream'
import type pg from 'pg'
import type { Client } from './client.ts'

/** What a client of `pg` calls while its query is under way; the parts of a COPY are not in its public types. */
type CopyQuery = pg.Submittable & Record<string, unknown>

type CopyInConnection = {
  readonly stream: Duplex
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  sendCopyFail(why: string): void
}

/** Holds the sender back, so that a slow receiver does not fill this process's memory. */
export type Tap = { pause(): void; resume(): void }

/** Sends `statement`, a COPY ... TO STDOUT, and hands on each piece of its output. @throws the client's error */
export function copyOut(client: Client, statement: string, onChunk: (chunk: Buffer, tap: Tap) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let failed: Error | undefined
    let tap: Tap = { pause: () => undefined, resume: () => undefined }
    const query: CopyQuery = {
      ...quiet,
      submit: (connection: pg.Connection) => {
        tap = { pause: () => connection.stream.pause(), resume: () => connection.stream.resume() }
        connection.query(statement)
      },
      handleCopyData: (message: { chunk: Buffer }) => onChunk(message.chunk, tap),
      handleError: (error: Error) => {
        failed = error
        // A broken connection sends no more; otherwise what follows is harmless.
        reject(error)
      },
      handleReadyForQuery: () => (failed === undefined ? resolve() : reject(failed)),
    }
    client.query(query)
  })
}

export type CopyIn = {
  /** False: the receiver is behind; wait for `drained` before the next piece. */
  write(chunk: Buffer): boolean
  drained(): Promise<void>
  /** All was sent: the server has taken it, or says why not. */
  end(): Promise<void>
  /** The server forgets what was sent. */
  fail(why: string): Promise<void>
}

/** Begins `statement`, a COPY ... FROM STDIN. @throws the client's error */
export function copyIn(client: Client, statement: string): Promise<CopyIn> {
  return new Promise((ready, notReady) => {
    const over = Promise.withResolvers<void>()
    over.promise.catch(() => undefined)
    let failed: Error | undefined
    const query: CopyQuery = {
      ...quiet,
      submit: (connection: pg.Connection) => connection.query(statement),
      handleCopyInResponse: (connection: CopyInConnection) =>
        ready({
          write: (chunk) => {
            connection.sendCopyFromChunk(chunk)
            return failed !== undefined || !connection.stream.writableNeedDrain
          },
          drained: () =>
            Promise.race([
              new Promise<void>((done) => connection.stream.once('drain', done)),
              over.promise.catch(() => undefined),
            ]),
          end: () => {
            connection.endCopyFrom()
            return over.promise
          },
          fail: async (why) => {
            connection.sendCopyFail(why)
            await over.promise.catch(() => undefined)
          },
        }),
      handleError: (error: Error) => {
        failed = error
        notReady(error)
        over.reject(error)
      },
      handleReadyForQuery: () => (failed === undefined ? over.resolve() : undefined),
    }
    client.query(query)
  })
}

const quiet = {
  handleRowDescription: () => undefined,
  handleDataRow: () => undefined,
  handleCommandComplete: () => undefined,
  handleEmptyQuery: () => undefined,
  handlePortalSuspended: () => undefined,
}
