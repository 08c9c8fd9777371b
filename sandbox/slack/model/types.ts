/** The words of the local workspace. Slack's own field names (snake_case) appear only where JSON is made. */

export type Json = { readonly [key: string]: unknown }

/** Milliseconds since 1970; the caller may give a clock of its own. */
export type Clock = () => number

export type User = {
  readonly id: string
  /** What the page and programs call the person: `ana`. */
  readonly name: string
  readonly realName: string
  readonly email: string | undefined
  readonly tz: string
  readonly locale: string
  readonly title: string
  readonly isBot: boolean
}

export type UserGroup = {
  readonly id: string
  readonly handle: string
  readonly name: string
  readonly users: readonly string[]
}

export type Note = { readonly value: string; readonly creator: string; readonly lastSet: number }

type Pin = { readonly ts: string; readonly user: string; readonly created: number }

export type Bookmark = {
  readonly id: string
  readonly title: string
  readonly link: string
  readonly emoji: string
  readonly created: number
  readonly updated: number
}

export type Channel = {
  readonly id: string
  readonly kind: 'public' | 'private' | 'im'
  readonly creator: string
  readonly created: number
  readonly members: Set<string>
  /** By ts, oldest first; ephemeral ones among them. */
  readonly messages: Map<string, Message>
  /** The replies of each thread, by the ts of its first message. */
  readonly threads: Map<string, Set<string>>
  /** What each person has read, by user id. */
  readonly lastRead: Map<string, string>
  /** The person on the other side of a direct message with the bot. */
  readonly peer: string | undefined
  name: string
  topic: Note
  purpose: Note
  archived: boolean
  pins: Pin[]
  bookmarks: Bookmark[]
}

type Reaction = { readonly name: string; readonly users: string[] }

/** Values of interactive elements, as Slack reports them: block_id -> action_id -> state. */
export type StateValues = Record<string, Record<string, Json>>

export type Message = {
  readonly ts: string
  readonly user: string
  readonly subtype: string | undefined
  readonly threadTs: string | undefined
  readonly broadcast: boolean
  /** The only person who sees it. */
  readonly ephemeralTo: string | undefined
  readonly reactions: Reaction[]
  /** What each person chose in the message's inputs, by user id. */
  readonly states: Map<string, StateValues>
  text: string
  blocks: readonly Json[] | undefined
  attachments: readonly Json[] | undefined
  metadata: Json | undefined
  files: readonly string[]
  edited: { readonly user: string; readonly ts: string } | undefined
}

export type StoredFile = {
  readonly id: string
  readonly name: string
  readonly length: number
  readonly created: number
  readonly user: string
  readonly altText: string | undefined
  title: string
  content: Buffer | undefined
  complete: boolean
  channels: string[]
}

/** One JSON line of the page's event stream. */
export type PageEvent = {
  readonly type: 'message' | 'ephemeral' | 'view' | 'home' | 'channels' | 'read' | 'toast'
  readonly channel?: string
  readonly ts?: string
  readonly text?: string
}
