import { fileURLToPath } from 'node:url'
import { createServer } from '../../../sandbox/http/server.ts'
import { type PagerDuty, startPagerDuty } from '../../../sandbox/pagerduty/start.ts'
import { channels, people } from '../../../sandbox/people.ts'
import { startWorkspace, type Workspace } from '../../../sandbox/slack/start.ts'
import { type Catalog, catalogSchema } from '../../../src/catalog/schema.ts'
import { type Delivery, type DeliveryOptions, startDelivery } from '../../../src/delivery/start.ts'
import { openLanes } from '../../../src/services/slack/lanes.ts'
import type { Db } from '../../../src/store/db.ts'
import { pending } from '../../../src/store/outbox.ts'
import { silent, type TestServer } from '../../store/helpers/store.ts'
import { until } from '../../store/helpers/until.ts'

export const operations = 'C0OPS'
export const deploys = 'C0DEPLOYS'
/** The bot is no member there. */
export const elsewhere = 'C0ELSEWHERE'

const manifest = fileURLToPath(new URL('../../../manifest.yml', import.meta.url))
const routingKey = 'R0123456789ABCDEF0123456789ABCDE'
const apiToken = 'u+local-token'
const from = 'rescue@porttrack.example'

export type SeenMessage = {
  readonly ts: string
  readonly text: string
  readonly blocks: readonly { readonly type: string }[]
  readonly ephemeral: boolean
  readonly thread: string | undefined
  readonly files: readonly string[]
}

/** A store, a workspace and PagerDuty for one scenario, with delivery between them. */
export type Stage = {
  readonly db: Db
  readonly catalog: Catalog
  readonly workspace: Workspace
  readonly pagerduty: PagerDuty
  /** Begins to deliver, as one more replica would. */
  deliver(options?: Partial<DeliveryOptions>): Delivery
  /** What a person sees in a channel, oldest first, with the ephemeral lines meant for them; without what Slack itself says. */
  messages(channel: string, user?: string): Promise<readonly SeenMessage[]>
  replies(channel: string, ts: string): Promise<readonly SeenMessage[]>
  channelNamed(pattern: RegExp, user?: string): Promise<{ readonly id: string; readonly name: string } | undefined>
  /** Calls Slack's Web API as somebody else with the bot's rights: archives a channel, deletes a message. */
  slack(method: string, args: object): Promise<Readonly<Record<string, unknown>>>
  /** How often a method was called, and with what. */
  calls(method: string): readonly Readonly<Record<string, unknown>>[]
  /** Until everything is delivered. */
  settled(to?: 'slack' | 'pagerduty'): Promise<void>
  close(): Promise<void>
}

export type StageOptions = {
  readonly catalog?: (catalog: Catalog) => Catalog
  readonly strictRates?: boolean
}

export async function openStage(store: TestServer, options: StageOptions = {}): Promise<Stage> {
  const db = await store.freshStore()
  const server = await createServer()
  const workspace = await startWorkspace({
    server,
    manifest,
    people,
    channels: [...channels, { id: elsewhere, name: 'elsewhere', bot: false }],
    strictRates: options.strictRates ?? false,
  })
  const pagerduty = await startPagerDuty({
    routingKey,
    apiToken,
    from,
    people: people.map(({ name, realName, email }) => ({ name, realName, email, phone: '+34 600 555 123' })),
  })
  const catalog = (options.catalog ?? ((same) => same))(testCatalog())
  const running: Delivery[] = []
  const json = async (response: Response): Promise<Record<string, unknown>> =>
    (await response.json()) as Record<string, unknown>
  const person = async (path: string) => json(await fetch(`${server.url}/person/${path}`))
  return {
    db,
    catalog,
    workspace,
    pagerduty,
    deliver: (more = {}) => {
      const delivery = startDelivery({
        db,
        catalog,
        log: silent,
        ruleOf: () => ({ approvals: 1, by: 'operator' }),
        slack: openLanes({ token: workspace.botToken, apiUrl: workspace.slackApi, log: silent }),
        pagerduty: {
          events: { eventsUrl: pagerduty.url, routingKey },
          rest: { apiUrl: pagerduty.url, token: apiToken, from },
        },
        ...more,
      })
      running.push(delivery)
      return delivery
    },
    messages: async (channel, user = 'ana') => {
      const answer = await person(`messages?user=${user}&channel=${channel}`)
      return listOf(answer['messages']).filter(isByBot).map(seen)
    },
    replies: async (channel, ts) => {
      const answer = await person(`messages?user=ana&channel=${channel}&thread_ts=${ts}`)
      return listOf(answer['messages'])
        .filter(isByBot)
        .map(seen)
        .filter((message) => message.ts !== ts)
    },
    channelNamed: async (pattern, user = 'ana') => {
      const answer = await person(`channels?user=${user}`)
      const found = listOf(answer['channels']).find((channel) => pattern.test(String(channel['name'])))
      return found && { id: String(found['id']), name: String(found['name']) }
    },
    slack: async (method, args) =>
      json(
        await fetch(`${workspace.slackApi}${method}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${workspace.botToken}` },
          body: JSON.stringify(args),
        }),
      ),
    calls: (method) => workspace.log.filter((call) => call.method === method).map((call) => call.args),
    settled: async (to = 'slack') => {
      await until(`all for ${to} is delivered`, async () => (await pending(db, to)).count === 0)
    },
    close: async () => {
      await Promise.all(running.map((delivery) => delivery.stop()))
      await workspace.stop()
      await server.close()
      await pagerduty.stop()
    },
  }
}

export function testCatalog(): Catalog {
  return catalogSchema.parse({
    version: 1,
    language: 'en',
    people: Object.fromEntries(people.map(({ name, slack, role }) => [name, { slack, role }])),
    channels: { operations },
    clusters: { main: {} },
    apps: {
      'porttrack-app': {
        cluster: 'main',
        namespace: 'porttrack',
        workload: 'deployment/porttrack-app',
        owners: ['ana', 'luis'],
      },
      'porttrack-worker': {
        cluster: 'main',
        namespace: 'porttrack',
        workload: 'deployment/porttrack-worker',
        incident: 'on_failure',
      },
    },
    pagerduty: { phones: { ana: '+34 600 000 001', luis: '+57 300 000 0002' } },
  })
}

type Raw = Readonly<Record<string, unknown>>
const listOf = (value: unknown): readonly Raw[] => (Array.isArray(value) ? (value as Raw[]) : [])

const isByBot = (message: Raw): boolean => message['subtype'] === undefined || message['subtype'] === 'bot_message'

function seen(message: Raw): SeenMessage {
  return {
    ts: String(message['ts']),
    text: JSON.stringify([message['text'], message['blocks']]),
    blocks: listOf(message['blocks']).map((block) => ({ ...block, type: String(block['type']) })),
    ephemeral: message['is_ephemeral'] === true || message['ephemeral'] === true,
    thread: typeof message['thread_ts'] === 'string' ? message['thread_ts'] : undefined,
    files: listOf(message['files']).map((file) => String(file['name'])),
  }
}
