import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { pino } from 'pino'
import { stringify } from 'yaml'
import { type Cluster, startCluster } from '../../../sandbox/cluster/start.ts'
import { people } from '../../../sandbox/people.ts'
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts'
import { connectCluster } from '../../../src/services/kubernetes/api/client.ts'
import { type Db, openDb } from '../../../src/store/db.ts'
import { buttonsOf, type Message, ops, type Person, person, textOf, until } from './person.ts'
import { seedShop, shopApps, shopCatalog } from './shop.ts'

const root = resolve(import.meta.dirname, '../../..')

export type World = {
  readonly sandbox: Sandbox
  /** The simulated cluster: its faults, and the log of its requests. */
  readonly cluster: Cluster
  /** The bot's own store. */
  readonly db: Db
  readonly page: string
  readonly log: readonly string[]
  /** Names of the small apps, when they were asked for. */
  readonly shop: readonly string[]
  as(name: string): Person
  scenario(name: string): Promise<void>
  /** Runs the terminal program as this person. */
  cli(person: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>
  /** The image that an app's Deployment asks for now, and its revision. */
  release(app?: string): Promise<{ image: string; revision: number; ready: number; uid: string }>
  stop(): Promise<void>
}

type WorldOptions = {
  readonly replicas?: number
  readonly environment?: Record<string, string>
  readonly speed?: number
  /** The bot acts and asks about bad releases by itself, as in the sandbox; off where a test is not about it. */
  readonly automatic?: boolean
  /** PortTrack's MongoDB too: mongoPartsMissing() tells whether it can be. */
  readonly mongo?: boolean
  /** So many small apps instead of PortTrack in the bot's catalog. */
  readonly shop?: number
  /** Written into that catalog. */
  readonly catalog?: Record<string, unknown>
}

/** The whole sandbox with the bot as a real process; pods live ten times faster than in life. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-world-'))
  // The user of the databases must reach its part.
  await chmod(folder, 0o711)
  const log: string[] = []
  const cluster = await startCluster({ folder })
  const shop = shopApps(options.shop ?? 0)
  const health = await startHealth()
  const environment = { ...options.environment }
  if (shop.length > 0) {
    const path = join(folder, 'shop.yml')
    await writeFile(
      path,
      stringify({ ...baseCatalog(cluster.kubeconfig), apps: shopCatalog(shop, health.url), ...options.catalog }),
    )
    environment['RESCUE_CATALOG'] = path
    await seedShop(cluster.kubeconfig, shop)
  }
  const sandbox = await startSandbox({
    port: 0,
    folder,
    cluster: cluster.kubeconfig,
    speed: options.speed ?? 10,
    automatic: options.automatic ?? false,
    mongo: options.mongo ?? false,
    onLog: (line) => log.push(line),
    ...(options.replicas === undefined ? {} : { replicas: options.replicas }),
    environment,
  })
  const { page, kubeconfig } = sandbox.facts
  const client = connectCluster({ kubeconfig, impersonate: false }, { log: pino({ level: 'silent' }) })
  const db = openDb(sandbox.facts.store, { log: pino({ level: 'silent' }), max: 3 })
  return {
    sandbox,
    cluster,
    db,
    page,
    log,
    shop,
    as: (name) => person(page, name),
    scenario: async (name) => {
      const answer = await fetch(new URL(`scenarios/${name}`, page), { method: 'POST' })
      if (!answer.ok) throw new Error(`scenario ${name}: ${answer.status} ${await answer.text()}`)
    },
    cli: (who, ...args) => runCli({ ...sandbox.environment, RESCUE_ACTOR: who }, args),
    release: async (app = 'porttrack-app') => {
      const namespace = shop.includes(app) ? 'shop' : 'porttrack'
      const raw = JSON.parse(
        JSON.stringify(await client.get(`/apis/apps/v1/namespaces/${namespace}/deployments/${app}`)),
      )
      return {
        image: raw.spec.template.spec.containers[0].image,
        revision: Number(raw.metadata.annotations['deployment.kubernetes.io/revision']),
        ready: raw.status.readyReplicas ?? 0,
        uid: raw.metadata.uid,
      }
    },
    stop: async () => {
      await db.close()
      await client.close()
      await sandbox.stop()
      await cluster.stop()
      await health.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function baseCatalog(kubeconfig: string): Record<string, unknown> {
  return {
    version: 1,
    language: 'es',
    timeZone: 'Europe/Madrid',
    people: Object.fromEntries(
      people.map(({ name, slack, role, email }) => [name, { slack, role, login: name, email }]),
    ),
    channels: { operations: ops, incidentPrefix: 'inc', progress: 'plan' },
    clusters: { main: { kubeconfig } },
  }
}

/** What the catalog's HTTP check of the small apps asks. */
async function startHealth(): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((_request, response) => void response.end('ok'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/health`,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function runCli(
  env: Record<string, string>,
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(root, 'src/cli.ts'), ...args], {
      env,
      timeout: 60_000,
    })
    return { code: 0, stdout, stderr }
  } catch (error) {
    const failed = error as { code?: number; stdout?: string; stderr?: string }
    return {
      code: typeof failed.code === 'number' ? failed.code : -1,
      stdout: failed.stdout ?? '',
      stderr: failed.stderr ?? '',
    }
  }
}

/** The newest message of the bot in a channel that holds a button with this action. */
export async function cardWith(who: Person, action: string, channel = ops): Promise<Message> {
  return until(`a card with ${action}`, async () =>
    (await who.messages(channel)).findLast(
      (message) => !message.is_ephemeral && buttonsOf(message).some((button) => button.action_id === action),
    ),
  )
}

/** A message that says this, private ones included. */
export async function says(who: Person, pattern: RegExp, channel = ops, seconds = 20): Promise<Message> {
  return until(
    `a message like ${pattern}`,
    async () => (await who.messages(channel)).findLast((message) => pattern.test(textOf(message))),
    seconds,
  )
}

/** Types `/rollback APP to N` and gives the plan card. */
export async function planned(who: Person, text: string): Promise<Message> {
  const before = new Set((await who.messages(ops)).map((message) => message.ts))
  await who.command(text)
  return until(`a plan for ${text}`, async () =>
    (await who.messages(ops)).find(
      (message) => !before.has(message.ts) && buttonsOf(message).some((button) => button.action_id === 'run:confirm'),
    ),
  )
}
