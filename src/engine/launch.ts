import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { DBOS, type DLogger } from '@dbos-inc/dbos-sdk'
import { registerInternalQueue } from '@dbos-inc/dbos-sdk/eventreceiver'
import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor'
import type { Logger } from 'pino'
import type { Db } from '../store/db.ts'
import { withTryLock } from '../store/locks.ts'
import { type ExecutorLock, holdExecutorLock } from './executor-lock.ts'
import { handOver, handOverQueue } from './hand-over.ts'
import { closeTargetQueue, openTargetQueue, queuePollMs, runningHere } from './queue.ts'
import { type Reaper, startReaper } from './reaper.ts'

export type EngineOptions = {
  readonly databaseUrl: string
  /** The store, migrated: the same database. */
  readonly db: Db
  readonly log: Logger
  /** Unique per process; made from host, process and chance unless told. */
  readonly executorId?: string
  /** Where the engine's tables live: `dbos`, or beside a store of another schema `NAME_dbos`. */
  readonly schema?: string
  /** Another process runs this one's workflows now: end, at once. Without it the process ends itself with 70. */
  readonly onLost?: (why: string) => void
}

export type Engine = {
  readonly executorId: string
  /**
   * Takes on nothing new, waits up to `drainMs` (10 s unless told) for runs that hold a target, and lets go. Runs that wait
   * for people, and those that did not end in time, go on in another process or after the next start.
   */
  stop(drainMs?: number): Promise<void>
}

/** One name for ever: with a version per release, a deploy would strand every waiting run and block its target. */
const applicationVersion = 'rescue-1'
const partingMs = 2_000
const settleMs = 1_000

/**
 * Launches DBOS with the rules of docs/decisions/0003-durable-engine.md. Register workflows (`defineWorkflow`) first.
 * @throws Error when the store is away, or when another process launches for more than a minute
 */
export async function launchEngine(options: EngineOptions): Promise<Engine> {
  const { db, log } = options
  const executorId = options.executorId ?? `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`
  const schema = options.schema ?? (db.schema === 'rescue' ? 'dbos' : `${db.schema}_dbos`)
  const lock = await holdExecutorLock(db, executorId, log, options.onLost ?? ((why) => end(log, why)))
  try {
    configure(options.databaseUrl, schema, executorId, log)
    // Two replicas that migrate at once damage the schema for good.
    await withTryLock(db, `rescue engine ${schema}`, async () => {
      await DBOS.launch()
      await openTargetQueue()
    })
  } catch (error) {
    await lock.release()
    throw error
  }
  const reaper = startReaper(lock, log)
  log.info({ executor: executorId }, 'the engine runs')
  return { executorId, stop: (drainMs) => stop({ db, schema, lock, reaper, log }, drainMs ?? 10_000) }
}

function configure(databaseUrl: string, schema: string, executorId: string, log: Logger): void {
  // Recovered workflows come by this queue; its own interval is a second.
  registerInternalQueue(handOverQueue, { minPollingIntervalMs: queuePollMs })
  DBOS.setConfig({
    name: 'rescue',
    systemDatabaseUrl: withSessionLimit(databaseUrl),
    systemDatabaseSchemaName: schema,
    systemDatabasePoolSize: 8,
    executorID: executorId,
    applicationVersion,
    enablePatching: true,
    useListenNotify: true,
    enableOTLP: false,
    // Of events and streams, which are not used: its default wakes the process a hundred times a second.
    notificationCoalesceMs: 1_000,
    schedulerPollingIntervalMs: 30_000,
    logger: quiet(log),
  })
}

/**
 * The engine would set this limit by a query of its own on each new connection, which pg warns about at every start; in
 * the address it is a part of the connection.
 */
function withSessionLimit(databaseUrl: string): string {
  const url = new URL(databaseUrl)
  const given = url.searchParams.get('options')
  url.searchParams.set(
    'options',
    [given, '-c idle_in_transaction_session_timeout=60000'].filter((part) => part !== null).join(' '),
  )
  return url.href
}

/** The engine is talkative: what it calls information is for debugging here. */
function quiet(log: Logger): DLogger {
  const engine = log.child({ part: 'engine' })
  return {
    debug: (entry) => engine.trace(String(entry)),
    info: (entry) => engine.debug(String(entry)),
    warn: (entry) => engine.warn(String(entry)),
    error: (entry, more) => engine.error({ stack: more?.stack }, String(entry)),
  }
}

type Running = {
  readonly db: Db
  readonly schema: string
  readonly lock: ExecutorLock
  readonly reaper: Reaper
  readonly log: Logger
}

async function stop({ db, schema, lock, reaper, log }: Running, drainMs: number): Promise<void> {
  await inTime(reaper.stop())
  closeTargetQueue()
  await inTime(DBOSExecutor.globalInstance?.deactivateEventReceivers())
  const begun = { onTargets: runningHere(), all: allRunningHere() }
  const deadline = Date.now() + drainMs
  while (runningHere() > 0 && Date.now() < deadline) await sleep(20)
  // The run that waited for each of these writes its end down next: cut off there, it would do so twice.
  const settled = Math.min(deadline, Date.now() + settleMs)
  while (allRunningHere() > begun.all - 2 * begun.onTargets && Date.now() < settled) await sleep(20)
  if (runningHere() > 0)
    log.warn({ runs: runningHere() }, 'runs are under way; another process or the next start goes on with them')
  await inTime(DBOS.shutdown({ deregister: true }))
  const { executorId } = lock
  const handed = handOver(db, { schema, executorId, applicationVersion }).catch((error: unknown) =>
    log.warn({ err: error }, 'runs could not be handed over; others take over'),
  )
  await inTime(handed)
  // Last: from here on others may take over.
  await lock.release()
}

/** Workflows of this process, those that wait among them. */
const allRunningHere = (): number => DBOSExecutor.globalInstance?.systemDatabase.runningWorkflowMap.size ?? 0

/** The engine tries for ever while the store is away; a process that is asked to leave does not wait for that. */
async function inTime(work: Promise<unknown> | undefined): Promise<void> {
  const late = new AbortController()
  await Promise.race([work, sleep(partingMs, undefined, { signal: late.signal, ref: false }).catch(() => undefined)])
  late.abort()
}

function end(log: Logger, why: string): void {
  log.fatal({ why }, 'another process runs the workflows of this one; ending')
  process.exit(70)
}
