import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmbedded } from '../src/store/embedded/start.ts'
import { type Bot, startBot } from './bot.ts'
import { sandboxCatalog } from './catalog.ts'
import { startCluster } from './cluster/start.ts'
import { mountClientApp } from './databases/client-app.ts'
import { type Databases, startDatabases } from './databases/start.ts'
import { freePort } from './http/free-port.ts'
import { createServer } from './http/server.ts'
import { startKubelet } from './kubelet/start.ts'
import { mongoFolder } from './mongodb/programs.ts'
import { mountPage } from './page/mount.ts'
import { type PagerDuty, startPagerDuty } from './pagerduty/start.ts'
import { mountPanel } from './panel.ts'
import { channels, people } from './people.ts'
import { type Edge, startEdge } from './porttrack/edge.ts'
import { seedPorttrack } from './porttrack/seed.ts'
import { mountScenarios } from './scenarios/mount.ts'
import { startWorkspace, type Workspace } from './slack/start.ts'

export type SandboxOptions = {
  /** The page's port; 0: any free one. */
  readonly port: number
  /** Where everything is kept. */
  readonly folder: string
  /** A kubeconfig of another cluster, instead of the simulated one. */
  readonly cluster?: string
  /** How many times faster pods start and fail than in life. */
  readonly speed?: number
  readonly onLog: (line: string) => void
  /** How many bots run on the same store. */
  readonly replicas?: number
  /** False: the bot does nothing by itself about bad releases. */
  readonly automatic?: boolean
  /** PortTrack's MongoDB too, where its programs are built. */
  readonly mongo?: boolean
  /** More environment for the bot, for tests. */
  readonly environment?: Readonly<Record<string, string>>
}

/** What other programs are told; the names are a contract. */
export type SandboxFacts = {
  readonly page: string
  readonly slackApi: string
  readonly slackAppToken: string
  readonly slackBotToken: string
  readonly kubeconfig: string
  readonly pagerduty: string
  readonly pagerdutyRoutingKey: string
  readonly pagerdutyApiToken: string
  readonly pagerdutyFrom: string
  readonly store: string
  readonly postgres: string
  readonly mongo: string | null
  readonly prometheus: string | null
  readonly botHealth: string
  readonly botPid: number
  readonly catalog: string
}

export type Sandbox = {
  readonly facts: SandboxFacts
  readonly workspace: Workspace
  readonly pagerduty: PagerDuty
  readonly bots: readonly Bot[]
  readonly databases: Databases
  /** The environment of the bot, for running the terminal program beside it. */
  readonly environment: Readonly<Record<string, string>>
  stop(): Promise<void>
}

const nodes = ['node-a', 'node-b', 'node-c']
const manifest = fileURLToPath(new URL('../manifest.yml', import.meta.url))

/** Starts the whole local world: workspace, cluster, paging, databases, and the bot as a process of its own. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const closers: (() => Promise<void>)[] = []
  const opened = <T>(thing: T, close: (thing: T) => Promise<void>): T => {
    closers.unshift(() => close(thing))
    return thing
  }
  const stop = async () => {
    for (const close of closers.splice(0))
      await close().catch((error: unknown) => options.onLog(`closing: ${String(error)}`))
  }
  try {
    return await compose(options, opened, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

type Opened = <T>(thing: T, close: (thing: T) => Promise<void>) => T

async function compose(options: SandboxOptions, opened: Opened, stop: () => Promise<void>): Promise<Sandbox> {
  const { folder, onLog } = options
  await mkdir(folder, { recursive: true })
  const keys = {
    routingKey: randomBytes(16).toString('hex'),
    apiToken: randomBytes(10).toString('hex'),
    from: 'rescue@porttrack.example',
  }
  const server = opened(await createServer({ port: options.port }), (thing) => thing.close())
  const [store, databases, world, pagerduty] = await Promise.all([
    startEmbedded({ folder: join(folder, 'store'), onLog }).then((thing) => opened(thing, (it) => it.stop())),
    startDatabases({ folder, mongo: options.mongo ?? false, onLog }).then((thing) => opened(thing, (it) => it.stop())),
    startWorld(options, opened),
    startPagerDuty({ ...keys, people, escalateAfterMs: 60_000 }).then((thing) => opened(thing, (it) => it.stop())),
  ])
  const workspace = opened(await startWorkspace({ server, manifest, people, channels }), (thing) => thing.stop())
  const catalog = join(folder, 'rescue.yml')
  await writeFile(
    catalog,
    sandboxCatalog({
      kubeconfig: world.kubeconfig,
      edge: world.edge.url,
      backups: databases.backups,
      ...(await writeSecrets(folder, databases)),
      automatic: options.automatic ?? true,
    }),
  )
  const environment = botEnvironment({
    workspace,
    pagerduty,
    keys,
    store: store.url,
    databases,
    catalog,
    folder,
    more: options.environment ?? {},
  })
  const bots: Bot[] = []
  for (let replica = 0; replica < (options.replicas ?? 1); replica++) {
    const metricsPort = await freePort()
    const own = { ...environment, METRICS_PORT: String(metricsPort), PORT: '0' }
    bots.push(opened(await startBot({ environment: own, metricsPort, onLog }), (thing) => thing.stop()))
  }
  const bot = bots[0]
  if (bot === undefined) throw new Error('at least one bot must run')
  mountPage(server)
  opened(mountClientApp(server, databases), (thing) => thing.stop())
  mountPanel(server, { kubeconfig: world.kubeconfig, pagerduty, bots })
  mountScenarios(server, {
    kubeconfig: world.kubeconfig,
    workspace,
    pagerduty,
    databases,
    kubelet: world.kubelet,
    bots,
  })
  return {
    facts: {
      page: `${server.url}/`,
      slackApi: workspace.slackApi,
      slackAppToken: workspace.appToken,
      slackBotToken: workspace.botToken,
      kubeconfig: world.kubeconfig,
      pagerduty: pagerduty.url,
      pagerdutyRoutingKey: keys.routingKey,
      pagerdutyApiToken: keys.apiToken,
      pagerdutyFrom: keys.from,
      store: store.url,
      postgres: databases.url,
      mongo: databases.mongo?.url ?? null,
      prometheus: null,
      botHealth: bot.health,
      botPid: bot.pid(),
      catalog,
    },
    workspace,
    pagerduty,
    bots,
    databases,
    environment,
    stop,
  }
}

async function startWorld(options: SandboxOptions, opened: Opened) {
  const cluster =
    options.cluster === undefined
      ? opened(await startCluster({ folder: options.folder, nodeGraceSeconds: 12, tolerationSeconds: 30 }), (thing) =>
          thing.stop(),
        )
      : undefined
  const kubeconfig = options.cluster ?? cluster?.kubeconfig ?? ''
  const speed = options.speed ?? 1
  const kubelet = opened(await startKubelet({ kubeconfig, nodes, speed }), (thing) => thing.stop())
  await seedPorttrack({ kubeconfig })
  const edge: Edge = opened(await startEdge({ kubeconfig }), (thing) => thing.stop())
  return { kubeconfig, kubelet, edge, cluster }
}

/** In files, so that whoever runs the terminal program beside the sandbox needs no more environment for them. */
async function writeSecrets(folder: string, { bucket, mongo }: Databases) {
  const secrets = join(folder, 'secrets')
  await mkdir(secrets, { recursive: true, mode: 0o700 })
  const file = async (name: string, text: string) => {
    const path = join(secrets, name)
    await writeFile(path, text, { mode: 0o600 })
    return path
  }
  const files = {
    accessKey: await file('bucket-access-key', bucket.keys.accessKey),
    secretKey: await file('bucket-secret-key', bucket.keys.secretKey),
  }
  return {
    bucket: { url: bucket.url, name: bucket.name, files },
    ...(mongo === undefined ? {} : { mongo: { urlFile: await file('mongo-url', mongo.url), backups: mongo.backups } }),
  }
}

type BotPlaces = {
  readonly workspace: Workspace
  readonly pagerduty: PagerDuty
  readonly keys: { readonly routingKey: string; readonly apiToken: string; readonly from: string }
  readonly store: string
  readonly databases: Databases
  readonly catalog: string
  readonly folder: string
  readonly more: Readonly<Record<string, string>>
}

/** The bot sees this and nothing of the machine's own environment but PATH and HOME. */
function botEnvironment(places: BotPlaces): Record<string, string> {
  return {
    // MongoDB's tools lie where they were built.
    PATH: `${process.env['PATH'] ?? ''}:${mongoFolder}`,
    HOME: process.env['HOME'] ?? '/',
    SLACK_BOT_TOKEN: places.workspace.botToken,
    SLACK_APP_TOKEN: places.workspace.appToken,
    SLACK_API_URL: places.workspace.slackApi,
    DATABASE_URL: places.store,
    RESCUE_DATA: join(places.folder, 'bot'),
    RESCUE_CATALOG: places.catalog,
    PAGERDUTY_ROUTING_KEY: places.keys.routingKey,
    PAGERDUTY_API_TOKEN: places.keys.apiToken,
    PAGERDUTY_FROM: places.keys.from,
    PAGERDUTY_EVENTS_URL: places.pagerduty.url,
    PAGERDUTY_API_URL: places.pagerduty.url,
    PORTTRACK_DATABASE_URL: places.databases.url,
    ...places.more,
  }
}
