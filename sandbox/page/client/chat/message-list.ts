import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { dateOfTs, dayKey, dayName } from '../lib/time.ts'
import { firstScenario } from '../panel/scenario-list.ts'
import { isDismissed, own } from '../state/private-lines.ts'
import { me, person, words } from '../state/session.ts'
import { firstNew, markRead, messages } from '../state/workspace.ts'
import type { Channel, Message } from '../types.ts'
import { MessageView } from './message.ts'
import { titleOf } from './names.ts'

const nearBottom = 48
const togetherSeconds = 300

/** The messages of a channel. Stays at the bottom when it is there, and otherwise where it is. */
export function MessageList({ channel }: { channel: Channel }): Drawn {
  const box = useRef<HTMLDivElement>(null)
  const bottom = useRef(true)
  const [seen, setSeen] = useState('')
  const list = visibleMessages(channel.id)
  const newest = list?.at(-1)?.ts ?? ''
  const toBottom = () => box.current?.scrollTo({ top: box.current.scrollHeight, behavior: 'instant' })
  const scrolled = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current ?? { scrollTop: 0, scrollHeight: 0, clientHeight: 0 }
    bottom.current = scrollHeight - scrollTop - clientHeight < nearBottom
    if (bottom.current) arrived()
  }
  const arrived = () => {
    setSeen(newest)
    markRead()
  }
  useLayoutEffect(() => {
    if (!bottom.current) return
    toBottom()
    arrived()
  }, [newest, list === undefined])
  // Cards grow when they are edited, pictures when they arrive.
  useLayoutEffect(() => {
    const content = box.current?.firstElementChild
    if (!content) return undefined
    const watch = new ResizeObserver(() => bottom.current && toBottom())
    watch.observe(content)
    if (box.current) watch.observe(box.current)
    return () => watch.disconnect()
  }, [])
  const mine = person.value?.id
  const below = bottom.current
    ? 0
    : (list ?? []).filter((one) => Number(one.ts) > Number(seen) && one.user !== mine).length
  return html`<div class="messages-frame">
    <div ref=${box} class="messages" onScroll=${scrolled} tabindex="0" role="log" aria-label=${titleOf(channel)} onKeyDown=${moveAmongMessages}>
      <div class="messages-content">${list === undefined ? html`<p class="loading" role="status">${words.value.loading}</p>` : html`<${Beginning} channel=${channel} />${lined(list, channel.id)}`}</div>
    </div>
    ${below > 0 && html`<button type="button" class="new-below" onClick=${toBottom}><${Icon} name="down" />${words.value.newBelow(below)}</button>`}
  </div>`
}

function visibleMessages(channel: string): Message[] | undefined {
  const list = messages.value[channel]
  if (!list) return undefined
  const lines = own.value.filter((one) => one.channel === channel && one.thread === null && one.who === me.value)
  const inChannel = list.filter(
    (one) => !one.thread_ts || one.thread_ts === one.ts || one.subtype === 'thread_broadcast',
  )
  return [...inChannel, ...lines.map((one) => one.message)]
    .filter((one) => !(one.is_ephemeral && isDismissed(one.ts)))
    .sort((a, b) => Number(a.ts) - Number(b.ts))
}

/** Messages with the dividers of days and the "New" line between them. */
function lined(list: readonly Message[], channel: string): Drawn {
  const newLine = firstNew.value[channel]
  return list.map((message, index) => {
    const before = list[index - 1]
    const at = dateOfTs(message.ts)
    const newDay = !before || dayKey(dateOfTs(before.ts)) !== dayKey(at)
    const isNew = message.ts === newLine
    return html`
      ${newDay && html`<div key=${`day-${message.ts}`} class="day" role="separator" aria-label=${dayName(at)}><span>${dayName(at)}</span></div>`}
      ${isNew && html`<div key="new" class="new-line" role="separator" aria-label=${words.value.newMessages}><span>${words.value.newMessages}</span></div>`}
      <${MessageView} key=${message.ts} message=${message} channel=${channel} compact=${!newDay && !isNew && continues(before, message)} />`
  })
}

export function continues(before: Message | undefined, message: Message): boolean {
  if (!before || before.user !== message.user || before.username !== message.username) return false
  // Cards one below the other are told apart by their heads.
  if (message.blocks?.length || before.blocks?.length) return false
  if (before.is_ephemeral || message.is_ephemeral || message.pinned || before.subtype !== message.subtype) return false
  return Number(message.ts) - Number(before.ts) < togetherSeconds
}

function Beginning({ channel }: { channel: Channel }): Drawn {
  const title = channel.isDirect ? words.value.emptyDirect(titleOf(channel)) : words.value.emptyChannel(channel.name)
  return html`<div class="beginning"><p class="beginning-title">${title}</p><p>${channel.purpose || words.value.emptyTeach(firstScenario())}</p>${channel.purpose && html`<p class="soft">${words.value.emptyTeach(firstScenario())}</p>`}</div>`
}

/** With the list focused, the arrows walk from message to message. */
export function moveAmongMessages(event: KeyboardEvent): void {
  const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0
  const list = event.currentTarget as HTMLElement
  const target = event.target as HTMLElement
  if (step === 0 || (target !== list && !target.matches('.message'))) return
  const all = [...list.querySelectorAll<HTMLElement>('.message')]
  const at = all.indexOf(target)
  const next = at < 0 ? all.at(-1) : all[at + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}
