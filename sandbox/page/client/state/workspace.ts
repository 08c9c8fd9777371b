import { batch, computed, signal } from '@preact/signals'
import type { Channel, Command, Message, Shortcut, View } from '../types.ts'
import { coalesced, get, post } from './api.ts'
import { readChannels, readCommands, readMessages, readPeople, readShortcuts, readView } from './read.ts'
import { channelId, connected, me, people, threadTs, workspaceName } from './session.ts'

export const channels = signal<Channel[]>([])
export const commands = signal<Command[]>([])
export const shortcuts = signal<Shortcut[]>([])
export const modal = signal<View | null>(null)
export const home = signal<View | null>(null)
/** Messages by channel; absent while they have never been read. */
export const messages = signal<Readonly<Record<string, Message[]>>>({})
export const threadMessages = signal<Message[]>([])
/** Where the "New" line stands in each channel: decided when the channel is opened. */
export const firstNew = signal<Readonly<Record<string, string>>>({})

export const channel = computed(() => channels.value.find((one) => one.id === channelId.value))

export const channelById = (id: string | undefined) => channels.value.find((one) => one.id === id)

/** Loads for one person are thrown away when another one looks by then. */
function mine(load: (user: string) => Promise<(() => void) | undefined>): () => Promise<void> {
  return coalesced(async () => {
    const user = me.value
    if (user === '') return
    const apply = await load(user)
    if (apply && user === me.value) batch(apply)
  })
}

export const loadChannels = mine(async (user) => {
  const answer = await get('/person/channels', { user })
  if (!answer.ok) return undefined
  return () => {
    channels.value = readChannels(answer['channels'])
  }
})

export const loadMessages = mine(async (user) => {
  const id = channelId.value
  if (!id) return undefined
  const answer = await get('/person/messages', { user, channel: id })
  if (!answer.ok) return undefined
  return () => {
    messages.value = { ...messages.value, [id]: readMessages(answer['messages']) }
  }
})

export const loadThread = mine(async (user) => {
  const [id, ts] = [channelId.value, threadTs.value]
  if (!id || !ts) return undefined
  const answer = await get('/person/messages', { user, channel: id, thread_ts: ts })
  if (!answer.ok || threadTs.value !== ts) return undefined
  return () => {
    threadMessages.value = readMessages(answer['messages'])
  }
})

export const loadView = mine(async (user) => {
  const answer = await get('/person/view', { user })
  if (!answer.ok) return undefined
  return () => {
    modal.value = readView(answer['view'])
  }
})

export const loadHome = mine(async (user) => {
  const answer = await get('/person/home', { user })
  if (!answer.ok) return undefined
  return () => {
    home.value = readView(answer['view'] ?? answer['home'])
  }
})

/** What does not depend on who looks. */
export async function loadWorkspace(): Promise<void> {
  const [who, what] = await Promise.all([get('/person/people'), get('/person/commands')])
  const roles = JSON.parse(meta('roles') || '{}') as Record<string, string>
  batch(() => {
    connected.value = who.ok
    people.value = readPeople(who['people'], roles)
    commands.value = readCommands(what['commands'])
    shortcuts.value = readShortcuts(what['shortcuts'])
    workspaceName.value = meta('workspace')
  })
}

const meta = (name: string) => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? ''

export const loadAll = () => Promise.all([loadChannels(), loadMessages(), loadThread(), loadView(), loadHome()])

/** Tells the workspace that everything up to the newest message has been seen. */
export function markRead(): void {
  const current = channel.value
  const newest = current && messages.value[current.id]?.findLast((one) => !one.is_ephemeral)
  if (!current || !newest || current.unread === 0 || document.visibilityState !== 'visible') return
  channels.value = channels.value.map((one) => (one.id === current.id ? { ...one, unread: 0, mentions: 0 } : one))
  void post('/person/read', { user: me.value, channel: current.id, ts: newest.ts })
}
