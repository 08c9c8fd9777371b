import { type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { openThread } from '../state/go.ts'
import { words } from '../state/session.ts'
import type { Message } from '../types.ts'
import { hasReacted, ReactionMenu, react } from './reactions.ts'

/** What one can do with a message: reply, react, and the pin that puts it into an incident's timeline. */
export function MessageActions({
  message,
  channel,
  inThread,
}: {
  message: Message
  channel: string
  inThread: boolean
}): Drawn {
  const pinned = hasReacted(message, 'pushpin')
  const pin = pinned ? words.value.unpin : words.value.pin
  return html`<div class="message-actions" role="group" aria-label=${words.value.messageActions}>
    ${!inThread && html`<button type="button" class="icon-button" aria-label=${words.value.reply} title=${words.value.reply} onClick=${() => openThread(message.thread_ts ?? message.ts)}><${Icon} name="reply" /></button>`}
    <${ReactionMenu} message=${message} channel=${channel} />
    <button type="button" class="icon-button" aria-label=${pin} title=${pin} aria-pressed=${pinned} onClick=${() => react(channel, message.ts, 'pushpin')}><${Icon} name="pin" /></button>
  </div>`
}
