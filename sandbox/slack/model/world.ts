import { createTimestamps, newId } from './ids.ts'
import type { Manifest } from './manifest.ts'
import { createTriggers, type Triggers } from './triggers.ts'
import type { Channel, Clock, Json, Note, PageEvent, StoredFile, User, UserGroup } from './types.ts'
import { createViews, type Views } from './views.ts'

export const botUserId = 'U0RESCUE'
export const botId = 'B0RESCUE'

/** Everything that the workspace knows. Rules live in the functions around it. */
export type World = {
  /** The server's own URL, without a trailing slash. */
  readonly url: string
  readonly clock: Clock
  readonly team: { readonly id: string; readonly name: string; readonly domain: string }
  readonly appId: string
  /** Slack's old verification token, which payloads still carry. */
  readonly verificationToken: string
  readonly manifest: Manifest
  readonly users: Map<string, User>
  readonly userGroups: readonly UserGroup[]
  readonly channels: Map<string, Channel>
  readonly files: Map<string, StoredFile>
  readonly views: Views
  readonly triggers: Triggers
  readonly nextTs: () => string
  /** A WebSocket URL that works once. */
  readonly newSocketUrl: () => string
  /** Tells the pages of some people that something changed. */
  readonly tellPages: (users: readonly string[], event: PageEvent) => void
  /** Tells the app of an event, if its manifest subscribes to it. */
  readonly tellApp: (event: Json & { readonly type: string }) => void
}

export type WorldOptions = Pick<
  World,
  'url' | 'clock' | 'manifest' | 'userGroups' | 'newSocketUrl' | 'tellPages' | 'tellApp'
> & {
  readonly people: readonly User[]
  readonly teamName: string
}

export function createWorld(options: WorldOptions): World {
  const { people, teamName, ...rest } = options
  const bot: User = {
    id: botUserId,
    name: options.manifest.botName,
    realName: options.manifest.name,
    email: undefined,
    tz: 'Etc/UTC',
    locale: 'en-US',
    title: '',
    isBot: true,
  }
  return {
    ...rest,
    team: { id: 'T0RESCUE', name: teamName, domain: teamName.toLowerCase().replace(/[^a-z0-9]+/g, '-') },
    appId: 'A0RESCUE',
    verificationToken: newId('V'),
    users: new Map([...people, bot].map((user) => [user.id, user])),
    channels: new Map(),
    files: new Map(),
    views: createViews(),
    triggers: createTriggers(options.clock),
    nextTs: createTimestamps(options.clock),
  }
}

/** Whole seconds, as Slack dates most things. */
export function seconds(world: World): number {
  return Math.floor(world.clock() / 1000)
}

export function note(world: World, value: string, creator: string): Note {
  return { value, creator: value === '' ? '' : creator, lastSet: value === '' ? 0 : seconds(world) }
}

export function everyone(world: World): string[] {
  return [...world.users.keys()]
}

/** Who can see a channel's messages arrive: everybody may open a public one. */
export function audience(world: World, channel: Channel): string[] {
  return channel.kind === 'public' ? everyone(world) : [...channel.members]
}
