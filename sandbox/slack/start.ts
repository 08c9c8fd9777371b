import type { Server } from '../http/exchange.ts'
import { createRates } from './api/rates.ts'
import { type LoggedCall, serveApi } from './api/serve.ts'
import { createEvents } from './app/events.ts'
import { createRequestUrl } from './app/request-url.ts'
import { createResponseUrls } from './app/response-urls.ts'
import { createSockets, type SocketControls } from './app/sockets.ts'
import { serveFaults } from './controls.ts'
import { createFaults, type Faults } from './faults.ts'
import { addChannel, directMessage } from './model/channels.ts'
import { newId, secret } from './model/ids.ts'
import { readManifest } from './model/manifest.ts'
import type { Clock, User } from './model/types.ts'
import { botUserId, createWorld, type World } from './model/world.ts'
import { servePerson } from './person/serve.ts'
import { createStreams } from './streams.ts'
import { showFile, takeUpload } from './uploads.ts'

export type PersonOptions = {
  /** What the page and programs call the person: `ana`. */
  readonly name: string
  readonly realName: string
  /** The Slack id, such as `U0ANA`. */
  readonly slack: string
  readonly email: string
  readonly tz: string
  readonly locale: string
  /** Shown beside the name. */
  readonly role?: string
}

export type ChannelOptions = {
  readonly id?: string
  readonly name: string
  readonly topic?: string
  readonly purpose?: string
  readonly private?: boolean
  /** Names of people; absent: everybody. */
  readonly members?: readonly string[]
  /** Whether the bot is a member; absent: yes. */
  readonly bot?: boolean
}

export type WorkspaceOptions = {
  readonly server: Server
  /** Path of the app's manifest.yml: its commands, scopes and events are all that the app may use. */
  readonly manifest: string
  readonly people: readonly PersonOptions[]
  readonly channels: readonly ChannelOptions[]
  /** User groups; `users` are names of people. */
  readonly groups?: readonly {
    readonly id: string
    readonly handle: string
    readonly name: string
    readonly users: readonly string[]
  }[]
  readonly clock?: Clock
  readonly teamName?: string
  /** Given: HTTP mode, payloads are posted there; absent: Socket Mode. */
  readonly requestUrl?: string
  /** Slack's rate tiers, off unless asked for. */
  readonly strictRates?: boolean
  /** Absent: new ones. A sandbox that starts again may keep its own. */
  readonly secrets?: { readonly appToken: string; readonly botToken: string; readonly signingSecret: string }
}

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
  const { server, clock = Date.now } = options
  const secrets = options.secrets ?? {
    appToken: `xapp-1-${newId('A')}-${secret(16)}`,
    botToken: `xoxb-${secret(8)}-${secret(12)}`,
    signingSecret: secret(16),
  }
  const faults = createFaults()
  const rates = createRates(clock, options.strictRates ?? false)
  const streams = createStreams()
  const sockets = createSockets()
  let requestUrl = options.requestUrl
  let away = false
  const posting = createRequestUrl({ url: () => requestUrl ?? '', signingSecret: secrets.signingSecret, clock })
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
    userGroups: (options.groups ?? []).map((group) => ({
      ...group,
      users: group.users.map((name) => idOf(options, name)),
    })),
    newSocketUrl: () => sockets.open(server.url, world.appId),
    tellPages: (users, event) => streams.tell(users, event),
    tellApp: (event) => events.send(event),
  })
  const events = createEvents(world, link)
  for (const channel of options.channels) seedChannel(world, options, channel)
  for (const person of options.people) directMessage(world, person.slack)

  const responseUrls = createResponseUrls(world, '/response')
  const person = { world, link, responseUrls, suggestions: new Map() }
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

const userOf = (person: PersonOptions): User => ({
  id: person.slack,
  name: person.name,
  realName: person.realName,
  email: person.email,
  tz: person.tz,
  locale: person.locale,
  title: person.role ?? '',
  isBot: false,
})

/** @throws Error when no person has this name */
function idOf({ people }: WorkspaceOptions, name: string): string {
  const found = people.find((person) => person.name === name)
  if (found === undefined)
    throw new Error(`no person is called "${name}"; there are ${people.map((one) => one.name).join(', ')}`)
  return found.slack
}

function seedChannel(world: World, options: WorkspaceOptions, channel: ChannelOptions): void {
  const names = channel.members ?? options.people.map((person) => person.name)
  const members = names.map((name) => idOf(options, name))
  addChannel(world, {
    id: channel.id,
    name: channel.name,
    kind: channel.private === true ? 'private' : 'public',
    creator: members[0] ?? botUserId,
    members: channel.bot === false ? members : [...members, botUserId],
    topic: channel.topic,
    purpose: channel.purpose,
  })
}
