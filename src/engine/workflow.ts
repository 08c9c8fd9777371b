import { DBOS } from '@dbos-inc/dbos-sdk'
import { isConnectionError, isStoreAway } from '../store/away.ts'
import type { Db } from '../store/db.ts'
import { stopRequested } from '../store/runs.ts'
import type { RunId } from '../store/types.ts'
import { announcingEnd, untilEnding } from './endings.ts'
import { dispatchNow, targetQueue } from './queue.ts'

export { fenced } from './fence.ts'

/** A registered workflow: started, never called. */
export type Workflow<Args extends unknown[], Result> = (...args: Args) => Promise<Result>

/** How long a caller waits for the store: longer than any healthy answer, shorter than Slack's patience of 3 s. */
const patienceMs = 2_000
/** Between the end of a child's body and its result in the store are a few milliseconds. */
const resultPollMs = 10

/**
 * Registers a workflow body; before `launchEngine`. A body is replayed after a crash: it does nothing but call the functions
 * of this file, in an order that depends on their results alone. Changed steps go behind `patched`.
 */
export function defineWorkflow<Args extends unknown[], Result>(
  name: string,
  body: (...args: Args) => Promise<Result>,
): Workflow<Args, Result> {
  return DBOS.registerWorkflow(announcingEnd(body), { name })
}

/**
 * Starts a workflow under an id of ours, so that a second start is a no-op. `store_away`: no answer within 2 s; it may
 * start yet when the store is back.
 */
export async function startWorkflow<Args extends unknown[], Result>(
  workflow: Workflow<Args, Result>,
  options: { readonly id: string },
  ...args: Args
): Promise<{ readonly kind: 'started' } | { readonly kind: 'store_away' }> {
  const started = DBOS.startWorkflow(workflow, { workflowID: options.id })(...args)
  return (await inTime(started)) ? { kind: 'started' } : { kind: 'store_away' }
}

/** False when there is no answer in time or the store is away; other errors are thrown. */
async function inTime(work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), patienceMs)
  })
  const done = work.then(
    () => true,
    (error: unknown) => {
      if (isConnectionError(error)) return false
      throw error
    },
  )
  // The one that comes second must not end the process.
  done.catch(() => undefined)
  return Promise.race([done, late]).finally(() => clearTimeout(timer))
}

/**
 * A step: its result is written down, and a replay gets it instead of running `body` again. A crash inside it runs it
 * again, so `body` must be safe to repeat, or use `fenced`. While the store is away it is tried again for about 100 s.
 * An error thrown here comes back from a replay with its name, message and fields, but without its class.
 */
export function durable<Result>(name: string, body: () => Promise<Result>): Promise<Result> {
  return DBOS.runStep(body, {
    name,
    retriesAllowed: true,
    shouldRetry: isStoreAway,
    intervalSeconds: 0.2,
    backoffRate: 2,
    maxAttempts: 10,
  })
}

/** Waits durably for a message on a topic; undefined when none comes in time. The time goes on through a crash. */
export async function awaitMessage<Message>(topic: string, timeoutSeconds: number): Promise<Message | undefined> {
  return (await DBOS.recv<Message>(topic, { timeoutSeconds })) ?? undefined
}

/**
 * Wakes a workflow. The same key on the same topic is one message, however often it is sent; the topic is part of the
 * engine's key, which alone would drop a message of the same key on another topic. A message that cannot be sent
 * (store away, workflow not yet started) is logged: what it says must stand in the store, and a sweep sends it again.
 */
export async function sendMessage(id: string, topic: string, message: unknown, key: string): Promise<void> {
  const sent = DBOS.send(id, message, topic, `${topic}:${key}`).catch((error: unknown) => {
    if (codeOf(error) !== nonExistentWorkflow) throw error
    DBOS.logger.warn(`nobody to wake: there is no workflow ${id} yet`)
  })
  if (!(await inTime(sent))) DBOS.logger.warn(`the store was away when ${id} was to be woken`)
}

/** DBOSNonExistentWorkflowError of @dbos-inc/dbos-sdk 5.3. */
const nonExistentWorkflow = 16

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'dbosErrorCode' in error ? error.dbosErrorCode : undefined
}

type OnTarget = { readonly id: string; readonly target: string }

/** The same id is the same child, whoever enqueues it first. */
function enqueueOnTarget<Args extends unknown[], Result>(
  workflow: Workflow<Args, Result>,
  { id, target }: OnTarget,
  args: Args,
) {
  const place = { workflowID: id, queueName: targetQueue, enqueueOptions: { queuePartitionKey: target } }
  return DBOS.startWorkflow(workflow, place)(...args)
}

/**
 * Enqueues the child before its parent wakes, which will find it by its id in `onTarget`: between a person's click and the act
 * there is then no wake-up, and no step of the parent. While the store is away the parent does it alone, later.
 */
export async function aheadOnTarget<Args extends unknown[], Result>(
  workflow: Workflow<Args, Result>,
  options: OnTarget,
  ...args: Args
): Promise<void> {
  if (await inTime(enqueueOnTarget(workflow, options, args))) dispatchNow()
}

/** Runs a child workflow when it is alone on the target, and gives its result. Waiting for people belongs before it. */
export async function onTarget<Args extends unknown[], Result>(
  workflow: Workflow<Args, Result>,
  options: OnTarget,
  ...args: Args
): Promise<Result> {
  const handle = await enqueueOnTarget(workflow, options, args)
  dispatchNow()
  try {
    await untilEnding(options.id)
    return await handle.getResult({ pollingIntervalMs: resultPollMs })
  } finally {
    // The target is free: whoever waits for it need not wait for the next poll.
    dispatchNow()
  }
}

/** Sleeps durably: what is left of it goes on after a crash. */
export function durableSleep(seconds: number): Promise<void> {
  return DBOS.sleep(seconds * 1000)
}

/** Whether a person asked to stop, as a step of its own, so that a replay takes the same path. Runs are never cancelled from outside. */
export function stopAsked(db: Db, runId: RunId, before: string): Promise<boolean> {
  return durable(`stopBefore ${before}`, () => stopRequested(db, runId))
}

/** True for runs that began after this change of a workflow body; older ones replay what they began with. */
export function patched(change: string): Promise<boolean> {
  return DBOS.patch(change)
}
