import type { LoggedRequest } from '../../sandbox/cluster/http/requests.ts'
import type { Cluster } from '../../sandbox/cluster/start.ts'
import { getRun } from '../../src/store/runs.ts'
import type { RunId, RunRow } from '../../src/store/types.ts'
import { buttonsOf, type Message, ops, type Person, textOf } from '../scenarios/support/person.ts'
import { otherRevision } from './apps.ts'
import { until } from './stats.ts'
import type { BenchWorld } from './world.ts'

/** A plan card that waits for a decision. */
export type Waiting = { readonly app: string; readonly ts: string; readonly run: RunId }

/** Asks for a rollback as a person does, and waits for its card. */
export async function planned(world: BenchWorld, who: Person, app: string): Promise<Waiting> {
  await who.command(`/rollback ${app} to ${await otherRevision(world.api, app)}`)
  return until(`the plan of ${app}`, async () => (await cardsOf(who, app)).at(-1), { everyMs: 100 })
}

/** The cards of an app with a button to confirm, oldest first. */
export async function cardsOf(who: Person, app: string): Promise<readonly Waiting[]> {
  return (await who.messages(ops)).flatMap((message) => cardOf(message, app) ?? [])
}

function cardOf(message: Message, app: string): Waiting | undefined {
  if (message.is_ephemeral === true || !buttonsOf(message).some((button) => button.action_id === 'run:confirm'))
    return undefined
  const text = textOf(message)
  const run = /R-\d{4,}/.exec(text)?.[0]
  return run !== undefined && text.includes(app) ? { app, ts: message.ts, run: run as RunId } : undefined
}

export const confirm = (who: Person, card: Waiting) => who.click({ channel: ops, ts: card.ts }, 'run:confirm')

/** The run as the store has it when it is over. */
export function ended(world: BenchWorld, run: RunId, seconds = 120): Promise<RunRow> {
  return until(
    `the end of ${run}`,
    async () => {
      const row = await getRun(world.db, run)
      return row?.state === 'ended' ? row : undefined
    },
    { seconds, everyMs: 200 },
  )
}

/** The first PATCH of an app's Deployment that the API server took after a moment, and the calls about the app until then, itself among them. */
export async function patched(
  cluster: Cluster,
  app: string,
  since: number,
): Promise<{ readonly at: number; readonly calls: readonly LoggedRequest[] }> {
  return until(
    `the PATCH of ${app}`,
    () => {
      const later = cluster.requests.all.slice(cluster.requests.all.findLastIndex((one) => one.at < since) + 1)
      const about = later.filter((one) => mentions(one, app))
      const index = about.findIndex((one) => one.method === 'PATCH' && one.status === 200)
      const patch = about[index]
      return patch === undefined ? undefined : { at: patch.at, calls: about.slice(0, index + 1) }
    },
    { everyMs: 5 },
  )
}

function mentions(request: LoggedRequest, app: string): boolean {
  return request.path.endsWith(`/deployments/${app}`) || decodeURIComponent(request.query).includes(app)
}
