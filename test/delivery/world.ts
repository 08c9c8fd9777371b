import { fileURLToPath } from 'node:url'
import { createServer } from '../../sandbox/http/server.ts'
import { type PagerDuty, startPagerDuty } from '../../sandbox/pagerduty/start.ts'
import { channels, people } from '../../sandbox/people.ts'
import { startWorkspace, type Workspace } from '../../sandbox/slack/start.ts'
import { type Catalog, catalogSchema } from '../../src/catalog/schema.ts'
import { type Delivery, startDelivery } from '../../src/delivery/start.ts'
import { openLanes, type SlackLanes } from '../../src/services/slack/lanes.ts'
import { type Db, openDb } from '../../src/store/db.ts'
import { migrate } from '../../src/store/migrations.ts'
import { freshName, silent, type TestServer } from '../store/helpers/store.ts'
import { until } from '../store/helpers/until.ts'

export const ops = 'C0OPS'
/** The bot is no member here. */
export const foreign = 'C0FOREIGN'
const routingKey = 'a'.repeat(32)

export type ShownMessage = {
  readonly ts: string
  readonly text: string
  readonly blocks: readonly Readonly<Record<string, unknown>>[]
  readonly pinned_to?: readonly string[]
  readonly files?: readonly { readonly name: string }[]
}

export type World = {
  readonly db: Db
  readonly workspace: Workspace
  readonly pagerduty: PagerDuty
  readonly catalog: Catalog
  /** What ana sees in a channel, or in a thread. */
  messages(channel: string, thread?: string): Promise<readonly ShownMessage[]>
  /** The message whose blocks hold these words, once it is there. */
  seen(channel: string, words: string, thread?: string): Promise<ShownMessage>
  channelId(name: string): Promise<string>
  /** Waits until the outbox of both is empty. */
  settled(): Promise<void>
  lanes(): SlackLanes
  /** A second process on the same store. */
  deliver(options?: Partial<Parameters<typeof startDelivery>[0]>): Delivery
  stop(): Promise<void>
}

/** A store of its own for one test; few connections, because each test opens another. */
export async function openStore(server: TestServer): Promise<Db> {
  const db = openDb(server.url, { log: silent, schema: freshName(), max: 3 })
  await migrate(db)
  return db
}

export function testCatalog(more: object = {}): Catalog {
  return catalogSchema.parse({
    version: 1,
    language: 'es',
    people: {
      ana: { slack: 'U0ANA', role: 'approver' },
      luis: { slack: 'U0LUIS', role: 'approver' },
      marta: { slack: 'U0MARTA', role: 'operator' },
    },
    channels: { operations: ops },
    clusters: { main: {} },
    apps: {
      'porttrack-app': {
        cluster: 'main',
        namespace: 'porttrack',
        workload: 'deployment/porttrack-app',
        owners: ['ana', 'luis'],
        health: [{ name: 'web', url: 'https://porttrack.example/api/health' }],
      },
    },
    pagerduty: { phones: { ana: '+34 600 000 001' } },
    ...more,
  })
}

const manifest = fileURLToPath(new URL('../../manifest.yml', import.meta.url))

/** A workspace, PagerDuty, and a delivery that runs between them and the store. */
export async function startWorld(
  db: Db,
  options: Partial<Parameters<typeof startDelivery>[0]> & { readonly idle?: boolean } = {},
): Promise<World> {
  const server = await createServer()
  const workspace = await startWorkspace({
    server,
    manifest,
    people,
    channels: [...channels, { id: foreign, name: 'foreign', bot: false }],
  })
  const pagerduty = await startPagerDuty({ routingKey, apiToken: 'token', from: people[0]?.email ?? '', people })
  const catalog = options.catalog ?? testCatalog()
  const lanes = () => openLanes({ token: workspace.botToken, apiUrl: workspace.slackApi, log: silent })
  const deliveries: Delivery[] = []
  const deliver: World['deliver'] = (more = {}) => {
    const delivery = startDelivery({
      db,
      catalog,
      log: silent,
      slack: lanes(),
      pagerduty: {
        events: { eventsUrl: pagerduty.url, routingKey },
        rest: { apiUrl: pagerduty.url, token: 'token', from: people[0]?.email ?? '' },
      },
      pace: { progressMs: 300, paging: { checkSeconds: 0.1 } },
      ...options,
      ...more,
    })
    deliveries.push(delivery)
    return delivery
  }
  if (options.idle !== true) deliver()

  const read = async (path: string): Promise<Readonly<Record<string, unknown>>> =>
    (await (await fetch(`${server.url}/person/${path}`)).json()) as Record<string, unknown>
  const messages: World['messages'] = async (channel, thread) => {
    const path = `messages?user=ana&channel=${channel}${thread === undefined ? '' : `&thread_ts=${thread}`}`
    const all = (await read(path))['messages'] as (Omit<ShownMessage, 'blocks'> & Partial<ShownMessage>)[]
    // What Slack itself says (somebody joined) has no blocks.
    return all.map((message) => ({ ...message, blocks: message.blocks ?? [] }))
  }
  return {
    db,
    workspace,
    pagerduty,
    catalog,
    deliver,
    lanes,
    messages,
    seen: (channel, words, thread) =>
      until(`a message with "${words}" in ${channel}`, async () =>
        (await messages(channel, thread)).find((message) => JSON.stringify(message.blocks).includes(words)),
      ),
    channelId: (name) =>
      until(`the channel ${name}`, async () => {
        const all = (await read('channels?user=ana'))['channels'] as { id: string; name: string }[]
        return all.find((channel) => channel.name === name)?.id
      }),
    settled: () =>
      until('an empty outbox', async () => {
        const { rows } = await db.query<{ count: number }>(
          `select count(*)::int as count from outbox where state <> 'done'`,
        )
        return rows[0]?.count === 0 ? true : undefined
      }).then(() => undefined),
    stop: async () => {
      await Promise.all(deliveries.map((delivery) => delivery.stop()))
      await workspace.stop()
      await pagerduty.stop()
      await server.close()
    },
  }
}
