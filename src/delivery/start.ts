import { cachedOnCalls } from '../services/pagerduty/rest.ts'
import type { SlackLanes } from '../services/slack/lanes.ts'
import { listRuns } from '../store/runs.ts'
import { deliverBackupAlarm } from './backup-alarm.ts'
import { deliverDirect } from './direct.ts'
import { showRun } from './enqueue.ts'
import { deliverIncident } from './incident/incident.ts'
import { deliverKept } from './kept.ts'
import { createMemory } from './memory.ts'
import { deliverBackupPage } from './page/backup-page.ts'
import { deliverPage } from './page/page.ts'
import { deliverPageCheck } from './page/page-check.ts'
import { deliverPageResolve } from './page/page-resolve.ts'
import { deliverPaging } from './page/paging.ts'
import { deliverRelease } from './release.ts'
import { createReminders } from './reminders.ts'
import { deliverReview } from './review.ts'
import { deliverRun, runIdIn } from './run/run-cards.ts'
import { deliverThread } from './run/run-thread.ts'
import {
  type Context,
  done,
  type PagerDutyContext,
  type PagerDutyLink,
  type PagingPace,
  type SlackContext,
  standardPace,
} from './types.ts'
import { startWorker, type Worker } from './worker.ts'

export type DeliveryOptions = Context & {
  /** Absent: no token; what Slack must learn is kept until there is one. */
  readonly slack: SlackLanes | undefined
  readonly pagerduty: PagerDutyLink
  /** For tests. */
  readonly pace?: { readonly progressMs?: number; readonly paging?: Partial<PagingPace> }
}

export type Delivery = { stop(): Promise<void> }

const usualProgressMs = 3_000
const onCallsEveryMs = 600_000

/** Begins to deliver what Slack and PagerDuty must learn. Any number of processes may do so on one store. */
export function startDelivery(options: DeliveryOptions): Delivery {
  const slack = options.slack === undefined ? undefined : startSlack(options, options.slack)
  const pagerduty = startPagerDuty(options)
  return {
    stop: async () => {
      await Promise.all([slack?.stop(), pagerduty.stop()])
    },
  }
}

function startSlack(options: DeliveryOptions, lanes: SlackLanes): Worker {
  const reminders = createReminders((run) =>
    showRun(options.db, run).catch((error: unknown) =>
      options.log.debug({ err: error, run }, 'progress is not shown; the next change of state is'),
    ),
  )
  const context: SlackContext = {
    db: options.db,
    catalog: options.catalog,
    log: options.log,
    ruleOf: options.ruleOf,
    lanes,
    memory: createMemory(),
    progressMs: options.pace?.progressMs ?? usualProgressMs,
    showLater: reminders.set,
  }
  const worker = startWorker(
    options.db,
    'slack',
    {
      run: (entry) => deliverRun(context, entry),
      thread: async (entry) => {
        const run = runIdIn(entry)
        return run === undefined ? done : deliverThread(context, entry, run)
      },
      incident: (entry) => deliverIncident(context, entry),
      paging: (entry) => deliverPaging(context, entry),
      direct: (entry) => deliverDirect(context, entry),
      review: (entry) => deliverReview(context, entry),
      release: (entry) => deliverRelease(context, entry),
      kept: (entry) => deliverKept(context, entry),
      'backup-alarm': (entry) => deliverBackupAlarm(context, entry),
    },
    options.log,
  )
  // Reminders of a process that died died with it.
  void listRuns(options.db, { states: ['planning', 'confirmed', 'running'], limit: 200 })
    .then((runs) => Promise.all(runs.map((run) => showRun(options.db, run.id))))
    .catch((error: unknown) => options.log.warn({ err: error }, 'runs under way are shown at their next change only'))
  return {
    stop: async () => {
      await worker.stop()
      reminders.stop()
    },
  }
}

/** Also without a routing key: then each page is answered by saying that nobody is called. */
function startPagerDuty(options: DeliveryOptions): Worker {
  const { rest, events } = options.pagerduty
  const onCalls = rest === undefined ? undefined : cachedOnCalls(rest, options.catalog.pagerduty.escalationPolicy)
  const context: PagerDutyContext = {
    db: options.db,
    catalog: options.catalog,
    log: options.log,
    ruleOf: options.ruleOf,
    events,
    rest,
    onCalls,
    pace: { ...standardPace, ...options.pace?.paging },
  }
  const refresh = (): void =>
    void onCalls
      ?.refresh()
      .catch((error: unknown) => options.log.debug({ err: error }, 'who is on call could not be read'))
  refresh()
  const timer = setInterval(refresh, onCallsEveryMs)
  const worker = startWorker(
    options.db,
    'pagerduty',
    {
      page: (entry) => deliverPage(context, entry),
      'backup-page': (entry) => deliverBackupPage(context, entry),
      'page-check': (entry) => deliverPageCheck(context, entry),
      'page-resolve': (entry) => deliverPageResolve(context, entry),
    },
    options.log,
  )
  return {
    stop: async () => {
      clearInterval(timer)
      await worker.stop()
    },
  }
}
