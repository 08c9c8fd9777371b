import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Db, Sql, Tx } from './db.ts'

const pollMs = 50

/**
 * Runs `body` while this process alone holds the named session advisory lock, on a connection of its own.
 * Polls: a waiting `pg_advisory_lock` would keep a transaction open, for which `create index concurrently` of another
 * holder waits in turn, for ever.
 * @throws Error when the lock is not free within `waitMs`
 */
export async function withTryLock<T>(
  db: Db,
  name: string,
  body: (client: pg.Client) => Promise<T>,
  waitMs = 60_000,
): Promise<T> {
  const client = await db.connect()
  try {
    const deadline = Date.now() + waitMs
    while (!(await tryLock(client, name))) {
      if (Date.now() > deadline) throw new Error(`the lock "${name}" was not free within ${waitMs / 1000} s`)
      await sleep(pollMs)
    }
    return await body(client)
  } finally {
    // Ending the session frees the lock, also when the body failed.
    await client.end().catch(() => undefined)
  }
}

/** Takes the lock for this session if it is free at this moment. */
export async function tryLock(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(
    'select pg_try_advisory_lock(hashtextextended($1, 0)) as taken',
    [name],
  )
  return rows[0]?.taken === true
}

/** Waits for the named lock and holds it until the transaction ends: who comes second sees what the first one wrote. */
export async function lockInTransaction(tx: Tx, name: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [name])
}

/** Held by one of the bots that run on this store, for as long as one does. */
export const botLock = 'rescue observes releases'

/** Whether a session of this database holds the named lock; takes nothing. */
export async function isHeld(db: Sql, name: string): Promise<boolean> {
  const { rows } = await db.query<{ held: boolean }>(
    `select exists (
       select from pg_locks l join pg_database d on d.oid = l.database
       where d.datname = current_database() and l.locktype = 'advisory' and l.objsubid = 1 and l.granted
         and ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended($1, 0)
     ) as held`,
    [name],
  )
  return rows[0]?.held === true
}
