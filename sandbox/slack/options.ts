import type { Server } from '../http/exchange.ts'
import type { Clock } from './model/types.ts'

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
  /** How long the app may take to ack; absent: 3000, as Slack's. */
  readonly ackWithinMs?: number
  /** Absent: new ones. A sandbox that starts again may keep its own. */
  readonly secrets?: { readonly appToken: string; readonly botToken: string; readonly signingSecret: string }
}
