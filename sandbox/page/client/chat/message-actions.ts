import { focusOnce } from '../controls/button.ts'
import { type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { menuKeys, Popover } from '../lib/popover.ts'
import { post } from '../state/api.ts'
import { openThread } from '../state/go.ts'
import { me, words } from '../state/session.ts'
import { shortcuts } from '../state/workspace.ts'
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
    <${Shortcuts} message=${message} channel=${channel} />
  </div>`
}

/** What the app offers to do with a message. */
function Shortcuts({ message, channel }: { message: Message; channel: string }): Drawn {
  const offered = shortcuts.value.filter((one) => one.type === 'message')
  if (offered.length === 0) return null
  const use = (callbackId: string, close: () => void) => {
    close()
    void post('/person/shortcut', { user: me.value, channel, ts: message.ts, callback_id: callbackId })
  }
  return html`<${Popover} label=${html`<${Icon} name="more" />`} name=${words.value.shortcuts} class="icon-button" popup="menu" side="end">
    ${(close: () => void) =>
      html`<div role="menu" class="menu" onKeyDown=${menuKeys}>${offered.map(
        (one, index) => html`<button type="button" role="menuitem" class="menu-item"
      ref=${index === 0 ? focusOnce : undefined} onClick=${() => use(one.callbackId, close)}>${one.name}</button>`,
      )}</div>`}
  </${Popover}>`
}
