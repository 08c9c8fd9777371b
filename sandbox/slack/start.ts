import { createRates } from './api/rates.ts'
import { type LoggedCall, serveApi } from './api/serve.ts'
import { usualAckMs } from './app/delivery.ts'
import { createEvents } from './app/events.ts'
import { createRequestUrl } from './app/request-url.ts'
import { createResponseUrls } from './app/response-urls.ts'
import type { SocketControls } from './app/socket-types.ts'
import { createSockets } from './app/sockets.ts'
import { serveFaults } from './controls.ts'
import { createFaults, type Faults } from './faults.ts'
import { newId, secret } from './model/ids.ts'
import { readManifest } from './model/manifest.ts'
import { botUserId, createWorld } from './model/world.ts'
import type { WorkspaceOptions } from './options.ts'
import { openPermalink } from './permalinks.ts'
import { servePerson } from './person/serve.ts'
import { groupsOf, seedChannels, userOf } from './seed.ts'
import { createStreams } from './streams.ts'
import { showFile, takeUpload } from './uploads.ts'

export type Workspace = {
  /** Base of the Web API, with a trailing slash. */
  readonly slackApi: string
  readonly appToken: string
  readonly botToken: string
  readonly signingSecret: string
  readonly botUserId: string
  readonly faults: Faults
  readonly sockets: SocketControls
  /** Every call of the Web API, oldest first. */
  readonly log: readonly LoggedCall[]
  /** While away nothing of the Web API or Socket Mode can be reached. */
  goAway(away: boolean): void
  strictRates(strict: boolean): void
  /** Where HTTP mode posts to, when it is known only after the workspace has started. */
  setRequestUrl(url: string): void
  /** Ends connections and timers and takes the workspace off the server, which stays up. */
  stop(): Promise<void>
}

/** Starts a local Slack workspace on a server: Web API, Socket Mode or HTTP mode, and what people do. */
export async function startWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const { server, clock = Date.now, ackWithinMs = usualAckMs } = options
  const secrets = options.secrets ?? {
    appToken: `xapp-1-${newId('A')}-${secret(16)}`,
    botToken: `xoxb-${secret(8)}-${secret(12)}`,
    signingSecret: secret(16),
  }
  const faults = createFaults()
  const rates = createRates(clock, options.strictRates ?? false)
  const streams = createStreams()
  const sockets = createSockets(ackWithinMs)
  let requestUrl = options.requestUrl
  let away = false
  const posting = createRequestUrl({
    url: () => requestUrl ?? '',
    signingSecret: secrets.signingSecret,
    clock,
    ackWithinMs,
  })
  const link: typeof posting = {
    deliver: (envelope, attempt) => {
      if (away) return Promise.resolve({ kind: 'unreachable' })
      return (requestUrl === undefined ? sockets : posting).deliver(envelope, attempt)
    },
    stop: () => posting.stop(),
  }
  const world = createWorld({
    url: server.url,
    clock,
    manifest: readManifest(options.manifest),
    teamName: options.teamName ?? 'PortTrack',
    people: options.people.map(userOf),
    userGroups: groupsOf(options),
    newSocketUrl: () => sockets.open(server.url, world.appId),
    tellPages: (users, event) => streams.tell(users, event),
    tellApp: (event) => events.send(event),
  })
  const events = createEvents(world, link)
  seedChannels(world, options)

  const responseUrls = createResponseUrls(world, '/response')
  const person = { world, link, responseUrls, suggestions: new Map(), homesOpened: new Map() }
  const log: LoggedCall[] = []
  const api = { world, tokens: { bot: secrets.botToken, app: secrets.appToken }, faults, rates, log, away: () => away }
  const goAway = (isAway: boolean): void => {
    away = isAway
    sockets.setAway(isAway)
  }
  const strictRates = (strict: boolean): void => {
    rates.strict = strict
  }
  const controls = { faults, sockets, goAway, isAway: () => away, strictRates }
  const unmount = [
    server.mount('/api', (exchange) => serveApi(api, exchange)),
    server.mount('/person', (exchange) => servePerson(person, streams, exchange)),
    server.mount('/response', (exchange) => responseUrls.serve(exchange)),
    server.mount('/upload', (exchange) => takeUpload(world, exchange)),
    server.mount('/files', (exchange) => showFile(world, exchange)),
    server.mount('/archives', openPermalink),
    server.mount('/sandbox/faults', (exchange) => serveFaults(controls, exchange)),
    server.mountUpgrade('/link', sockets.upgrade),
  ]
  return {
    slackApi: `${server.url}/api/`,
    ...secrets,
    botUserId,
    faults,
    sockets,
    log,
    goAway,
    strictRates,
    setRequestUrl: (url) => {
      requestUrl = url
    },
    stop: async () => {
      for (const take of unmount) take()
      events.stop()
      link.stop()
      sockets.stop()
      streams.stop()
    },
  }
}
