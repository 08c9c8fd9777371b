import { batch } from '@preact/signals'
import type { Channel } from '../types.ts'
import { post } from './api.ts'
import { listen } from './live.ts'
import {
  me,
  type Place,
  people,
  place,
  readAddress,
  rememberedPerson,
  rememberPerson,
  sidebarOpen,
  threadTs,
  writeAddress,
} from './session.ts'
import {
  channelById,
  channels,
  firstNew,
  home,
  loadAll,
  loadHome,
  loadMessages,
  loadThread,
  loadWorkspace,
  messages,
  modal,
  threadMessages,
} from './workspace.ts'

/** Opens a channel, a conversation or the bot's home. */
export async function goTo(to: Place): Promise<void> {
  // What is unread is decided now: looking at the channel makes it read.
  const before = to.kind === 'channel' ? channelById(to.id) : undefined
  batch(() => {
    place.value = to
    threadTs.value = null
    threadMessages.value = []
    sidebarOpen.value = false
  })
  writeAddress()
  await (to.kind === 'home' ? openHome() : loadMessages())
  if (before) drawNewLine(before)
}

/** The workspace tells the bot that its home was opened, as Slack does. */
async function openHome(): Promise<void> {
  await post('/person/open-home', { user: me.value })
  await loadHome()
}

/** The line stands before the first unread message of another person, and stays there until one comes back. */
function drawNewLine({ id, unread, lastRead }: Channel): void {
  const own = people.value.find((one) => one.name === me.value)?.id
  const others = (messages.value[id] ?? []).filter((one) => !one.is_ephemeral && one.user !== own)
  const first = lastRead ? others.find((one) => Number(one.ts) > Number(lastRead)) : undefined
  firstNew.value = { ...firstNew.value, [id]: unread > 0 && first ? first.ts : '' }
}

export async function openThread(ts: string): Promise<void> {
  batch(() => {
    threadTs.value = ts
    threadMessages.value = []
  })
  writeAddress()
  await loadThread()
}

export function closeThread(): void {
  threadTs.value = null
  writeAddress()
}

/** Another person takes the chair: all that belongs to the one before goes. */
export async function become(name: string, to: Place = place.value): Promise<void> {
  batch(() => {
    me.value = name
    channels.value = []
    messages.value = {}
    threadMessages.value = []
    modal.value = null
    home.value = null
    firstNew.value = {}
    threadTs.value = null
    place.value = to
  })
  rememberPerson(name)
  // At once: a page that is loaded again in this moment must not show the one who sat here before.
  writeAddress()
  listen(name)
  await loadAll()
  const known = to.kind === 'home' || channelById(to.kind === 'channel' ? to.id : undefined)
  const first = channels.value.find((one) => !one.isDirect && one.isMember)
  await goTo(known || !first ? to : { kind: 'channel', id: first.id })
}

/** Reads the address, else what was open last, else begins with the first person. */
export async function begin(): Promise<void> {
  await loadWorkspace()
  const address = readAddress()
  const named = [address.who, rememberedPerson()].find((name) =>
    people.value.some((one) => one.name === name && !one.isBot),
  )
  const who = named ?? people.value.find((one) => !one.isBot)?.name
  if (who === undefined) return void setTimeout(begin, 1000)
  await become(who, address.place)
  if (address.thread) await openThread(address.thread)
}

/** Back and forward buttons. */
export async function followAddress(): Promise<void> {
  const { who, place: to, thread } = readAddress()
  if (who !== '' && who !== me.value && people.value.some((one) => one.name === who)) await become(who, to)
  else if (to.kind !== 'none') await goTo(to)
  if (thread) await openThread(thread)
}
