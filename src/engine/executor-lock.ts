import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Logger } from 'pino'
import { isConnectionError } from '../store/away.ts'
import type { Db } from '../store/db.ts'
import { tryLock } from '../store/locks.ts'

const heartbeatMs = 2_000
const answerMs = 5_000
/** For so long after a lost connection the old session may still hold the lock, or the store be away less than that. */
const regainMs = 15_000

/** Proof that this process lives: a session advisory lock on its executor id, on a connection of its own. */
export type ExecutorLock = {
  readonly executorId: string
  /** When the connection was last made; others may still be on their way back. */
  heldSince(): number
  /**
   * Runs `takeOver` if the other executor's process is gone, while its lock is held here: it cannot come back meanwhile.
   * @returns false when it lives, or when this is not the moment to ask: the next pass asks again
   */
  ifDead(executorId: string, takeOver: () => Promise<void>): Promise<boolean>
  release(): Promise<void>
}

const lockName = (schema: string, executorId: string) => `rescue executor ${schema} ${executorId}`

/**
 * Takes the lock and keeps it. When the connection is lost it is made again: if nobody took over in between, the process
 * goes on; else `onLost` is called once and the process must end, since another one runs its workflows now.
 * @throws Error when the id is in use
 */
export async function holdExecutorLock(
  db: Db,
  executorId: string,
  log: Logger,
  onLost: (why: string) => void,
): Promise<ExecutorLock> {
  let session = await open(db)
  if (!(await tryLock(session.client, lockName(db.schema, executorId)))) {
    await session.client.end()
    throw new Error(`the executor id "${executorId}" is in use by another process`)
  }
  let held = true
  let stopped = false
  let since = Date.now()
  // One query at a time on the connection; whoever comes second tries again at its next turn.
  let busy = false
  const watch = () => {
    const { client } = session
    const lost = () => {
      if (stopped || !held || client !== session.client) return
      held = false
      log.warn('the connection to the store was lost; runs wait until it answers')
      void regainOrFail()
    }
    client.once('end', lost)
    const beat = setInterval(() => {
      if (client !== session.client || stopped) return clearInterval(beat)
      if (busy) return
      busy = true
      void client
        .query('select')
        .catch(() => client.end().then(lost, lost))
        .finally(() => {
          busy = false
        })
    }, heartbeatMs)
    beat.unref()
  }
  const fail = (why: string) => {
    if (stopped) return
    stopped = true
    onLost(why)
  }
  const regainOrFail = async (): Promise<void> => {
    try {
      await regain()
    } catch (error) {
      // It went away again while we came back.
      if (isConnectionError(error) && !stopped) return regainOrFail()
      fail(error instanceof Error ? error.message : 'unknown')
    }
  }
  const regain = async (): Promise<void> => {
    const before = session.pid
    void session.client.end().catch(() => undefined)
    session = await reopen(db, () => stopped)
    if (stopped) return void (await session.client.end())
    const deadline = Date.now() + regainMs
    while (!(await tryLock(session.client, lockName(db.schema, executorId)))) {
      // The server may not have noticed yet that the old session is dead.
      await session.client.query('select pg_terminate_backend($1)', [before])
      if (Date.now() > deadline) return fail('another process holds this executor')
      await sleep(50)
    }
    if (await wasTakenOver(session.client, executorId)) return fail('another process has taken over')
    held = true
    since = Date.now()
    watch()
    log.info('the store answers again; runs go on')
  }
  watch()
  return {
    executorId,
    heldSince: () => since,
    async ifDead(other, takeOver) {
      if (!held || busy) return false
      busy = true
      try {
        return await takeOverIfFree(session.client, { db, other, executorId }, takeOver)
      } finally {
        busy = false
      }
    },
    async release() {
      stopped = true
      await session.client.end().catch(() => undefined)
    },
  }
}

/** The note first: from then on the other one, should it live after all, finds that it was replaced. */
async function takeOverIfFree(
  client: pg.Client,
  names: { readonly db: Db; readonly other: string; readonly executorId: string },
  takeOver: () => Promise<void>,
): Promise<boolean> {
  const name = lockName(names.db.schema, names.other)
  if (!(await tryLock(client, name))) return false
  try {
    await client.query('insert into taken_over (executor, by_executor) values ($1, $2) on conflict do nothing', [
      names.other,
      names.executorId,
    ])
    await takeOver()
  } finally {
    await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name])
  }
  return true
}

type Session = { readonly client: pg.Client; readonly pid: number }

/** With keepalives, so that the server frees the lock of a machine that vanished within about 11 s, not 2 hours. */
async function open(db: Db): Promise<Session> {
  const client = await db.connect({ query_timeout: answerMs })
  const { rows } = await client.query<{ pid: number }>(
    `select pg_backend_pid() as pid, set_config('tcp_keepalives_idle', '5', false),
      set_config('tcp_keepalives_interval', '2', false), set_config('tcp_keepalives_count', '3', false)`,
  )
  return { client, pid: rows[0]?.pid ?? 0 }
}

async function reopen(db: Db, stopped: () => boolean): Promise<Session> {
  for (let waitMs = 50; ; waitMs = Math.min(1_000, waitMs * 2)) {
    try {
      return await open(db)
    } catch (error) {
      if (stopped()) throw error
      await sleep(waitMs)
    }
  }
}

async function wasTakenOver(client: pg.Client, executorId: string): Promise<boolean> {
  const { rows } = await client.query('select from taken_over where executor = $1', [executorId])
  return rows.length > 0
}
