import { useEffect, useRef } from 'preact/hooks'
import { type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { closeThread } from '../state/go.ts'
import { own } from '../state/private-lines.ts'
import { me, threadTs, words } from '../state/session.ts'
import { messages, threadMessages } from '../state/workspace.ts'
import type { Channel } from '../types.ts'
import { Composer } from './composer.ts'
import { MessageView } from './message.ts'
import { continues, moveAmongMessages } from './message-list.ts'
import { titleOf } from './names.ts'

/** A message and the replies to it, beside the channel. */
export function Thread({ channel, ts }: { channel: Channel; ts: string }): Drawn {
  const box = useRef<HTMLDivElement>(null)
  const list = threadMessages.value
  const parent = list.find((one) => one.ts === ts) ?? messages.value[channel.id]?.find((one) => one.ts === ts)
  const lines = own.value.filter((one) => one.channel === channel.id && one.thread === ts && one.who === me.value)
  const replies = [...list.filter((one) => one.ts !== ts), ...lines.map((one) => one.message)].sort(
    (a, b) => Number(a.ts) - Number(b.ts),
  )
  useEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  }, [replies.length])
  const onEscape = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.defaultPrevented && threadTs.value) closeThread()
  }
  return html`<aside class="pane thread" aria-label=${words.value.thread} onKeyDown=${onEscape}>
    <header class="bar"><h2 class="bar-name"><span>${words.value.thread}</span></h2><p class="bar-topic">${channel.isDirect ? titleOf(channel) : `#${channel.name}`}</p>
      <button type="button" class="icon-button" aria-label=${words.value.closeThread} onClick=${closeThread}><${Icon} name="close" /></button></header>
    <div ref=${box} class="messages" tabindex="0" role="log" aria-label=${words.value.thread} onKeyDown=${moveAmongMessages}>
      ${parent ? html`<${MessageView} message=${parent} channel=${channel.id} compact=${false} inThread />` : html`<p class="loading" role="status">${words.value.loading}</p>`}
      ${replies.length > 0 && html`<div class="day replies-line"><span>${words.value.replies(replies.length)}</span></div>`}
      ${replies.map((one, index) => html`<${MessageView} key=${one.ts} message=${one} channel=${channel.id} compact=${index > 0 && continues(replies[index - 1], one)} inThread />`)}
    </div>
    <${Composer} key=${ts} channel=${channel} thread=${ts} />
  </aside>`
}
