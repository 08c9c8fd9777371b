import type { Block, Text } from './blocks/types.ts'

/** What the workspace sends beside blocks. */

export type Reaction = { name: string; count: number; users: string[] }
export type SharedFile = {
  id: string
  name?: string
  title?: string
  mimetype?: string
  size?: number
  url_private?: string
  preview?: string
}

export type Message = {
  ts: string
  user?: string
  bot_id?: string
  username?: string
  text?: string
  subtype?: string
  blocks?: Block[]
  attachments?: {
    color?: string
    text?: string
    fallback?: string
    title?: string
    title_link?: string
    blocks?: Block[]
  }[]
  files?: SharedFile[]
  reactions?: Reaction[]
  edited?: { ts: string }
  thread_ts?: string
  reply_count?: number
  reply_users?: string[]
  latest_reply?: string
  pinned?: boolean
  state?: { values: StateValues }
  is_ephemeral?: boolean
}

export type Bookmark = { id: string; title: string; link: string; emoji?: string }

export type Channel = {
  id: string
  name: string
  isDirect: boolean
  isMember: boolean
  isArchived: boolean
  isPrivate: boolean
  topic: string
  purpose: string
  unread: number
  mentions: number
  lastRead: string
  members: string[]
  bookmarks: Bookmark[]
}

export type Person = {
  /** The short name that the workspace's calls use. */
  name: string
  id: string
  realName: string
  zone: string
  locale: string
  role: 'approver' | 'operator' | 'viewer' | undefined
  isBot: boolean
}

export type Shortcut = { name: string; callbackId: string; type: string; description: string }

export type Command = { command: string; description: string; usage: string }

/** Values as Slack reports them. */
export type StateValues = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>

export type View = {
  state?: { values: StateValues }
  submit_disabled?: boolean
  id: string
  type: 'modal' | 'home'
  hash?: string
  title?: Text | null
  submit?: Text | null
  close?: Text | null
  blocks: Block[]
  callback_id?: string
  notify_on_close?: boolean
  previous_view_id?: string | null
  root_view_id?: string
  errors?: Record<string, string>
}
