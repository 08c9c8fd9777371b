import { listAudit, verifyAudit } from '../../../src/store/audit.ts'
import { actsOfRun } from '../../../src/store/ledger.ts'
import { getRun, listRuns } from '../../../src/store/runs.ts'
import type { RunRow } from '../../../src/store/types.ts'
import { type Message, ops, type Person, textOf, until } from './person.ts'
import { shopPath } from './shop.ts'
import type { World } from './world.ts'

/** The newest run of an app, once it exists. */
export function runOf(world: World, app: string, wanted: (run: RunRow) => boolean = () => true): Promise<RunRow> {
  return until(
    `a run of ${app}`,
    async () => {
      const runs = await listRuns(world.db, { limit: 200 })
      const run = runs.find(({ subject }) => subject.name === app)
      if (run === undefined) throw new Error(`${app} has no run`)
      if (!wanted(run)) throw new Error(`${run.id} is ${run.state} ${JSON.stringify(run.outcome) ?? ''}`)
      return run
    },
    60,
  )
}

/** The run of an app when it waits for a decision. */
export const waitingRun = (world: World, app: string): Promise<RunRow> =>
  runOf(world, app, (run) => run.state === 'waiting')

/** The run, once it has ended. */
export function ended(world: World, id: string, seconds = 60): Promise<RunRow> {
  return until(
    `the end of ${id}`,
    async () => {
      const run = await getRun(world.db, id as RunRow['id'])
      return run?.state === 'ended' ? run : undefined
    },
    seconds,
  )
}

/** The card of a run in the operations channel, once it holds this button. */
export function cardOf(who: Person, run: string, button: string): Promise<Message> {
  return until(
    `the card of ${run} with ${button}`,
    async () =>
      (await who.messages(ops)).find(
        (message) =>
          message.is_ephemeral !== true &&
          textOf(message).includes(run) &&
          JSON.stringify(message.blocks).includes(button),
      ),
    40,
  )
}

/** Confirms a waiting run by its card, as a person does. */
export async function confirmRun(who: Person, run: string): Promise<void> {
  const card = await cardOf(who, run, 'run:confirm')
  const clicked = await who.click({ channel: ops, ts: card.ts }, 'run:confirm')
  if (clicked['ok'] !== true) throw new Error(`the click was not taken: ${JSON.stringify(clicked)}`)
}

/** Writes of the bot to an app's object that the server did; 0: done, and its answer was lost. */
export function patchesOf(world: World, app: string, path = shopPath(app)): number {
  return world.cluster.requests.all.filter(
    (request) =>
      request.method === 'PATCH' &&
      request.path === path &&
      request.userAgent === 'rescue' &&
      [0, 200].includes(request.status),
  ).length
}

/**
 * What stands in the audit of a run, as short words: `request`, `plan`, `step compareWithPlan`. The evidence is taken while
 * people read, so it may come after their decision: it is put behind the plan.
 */
export async function auditOf(world: World, id: string): Promise<readonly string[]> {
  const entries = await listAudit(world.db, { runId: id as RunRow['id'], limit: 100 })
  const words = entries.toReversed().map(({ kind, data }) => (kind === 'step' ? `step ${String(data['step'])}` : kind))
  const order = (word: string) => (word === 'evidence' ? words.indexOf('plan') + 0.5 : words.indexOf(word))
  return words.toSorted((a, b) => order(a) - order(b))
}

/** What stands in the audit of a rollback that went well, in order, each once. */
export const wholeAudit = [
  'request',
  'plan',
  'evidence',
  'decision',
  'started',
  'step compareWithPlan',
  'step restoreTemplate',
  'step awaitRollout',
  'step checkHealth',
  'step watchFlipBack',
  'outcome',
]

export const auditVerdict = (world: World): Promise<unknown> => verifyAudit(world.db)
export const actsOf = (world: World, id: string) => actsOfRun(world.db, id as RunRow['id'])

/** Nothing waits to be delivered any more. */
export async function delivered(world: World, seconds = 60): Promise<void> {
  await until(
    'an empty outbox',
    async () => {
      const { rows } = await world.db.query<{ key: string }>(`select key from rescue.outbox where state <> 'done'`)
      return rows.length === 0
    },
    seconds,
  )
}

/** The bot's own messages in a channel or a thread that everybody there sees. */
export async function botMessages(who: Person, channel: string, thread?: string): Promise<Message[]> {
  return (await who.messages(channel, thread)).filter(
    (message) => message.is_ephemeral !== true && message.bot_id !== undefined,
  )
}

/** Until the bot answers again after a kill. */
export async function botUp(world: World, replica = 0): Promise<void> {
  const health = world.sandbox.bots[replica]?.health ?? ''
  await until('the bot is ready', async () => (await fetch(health.replace('healthz', 'readyz'))).ok, 60)
}

/** kill -9, and the process is gone. */
export async function killBot(world: World, replica = 0): Promise<void> {
  const bot = world.sandbox.bots[replica]
  const pid = bot?.pid() ?? 0
  bot?.kill()
  await until('the process is gone', async () => !alive(pid))
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
