import { useState } from 'preact/hooks'
import { Blocks } from '../blocks/block.ts'
import { Mrkdwn } from '../format/mrkdwn-view.ts'
import { Avatar } from '../lib/avatar.ts'
import { classes, type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { ago, clockTime, dateOfTs, fullTime } from '../lib/time.ts'
import { openThread } from '../state/go.ts'
import { dismissEphemeral } from '../state/private-lines.ts'
import { personById, words } from '../state/session.ts'
import type { Message } from '../types.ts'
import { Attachments, Files } from './attachments.ts'
import { MessageActions } from './message-actions.ts'
import { authorOf, isFromBot } from './names.ts'
import { Reactions } from './reactions.ts'

type Props = {
  readonly message: Message
  readonly channel: string
  /** Follows another one of the same author within a few minutes. */
  readonly compact: boolean
  readonly inThread?: boolean
}

/** One message with all that belongs to it. Its actions appear under the pointer and under the focus. */
export function MessageView({ message, channel, compact, inThread = false }: Props): Drawn {
  const [near, setNear] = useState(false)
  if (isSystem(message)) return html`<${SystemLine} message=${message} />`
  const at = dateOfTs(message.ts)
  const author = authorOf(message)
  const fromBot = isFromBot(message)
  const time = html`<time class="message-time" datetime=${at.toISOString()} title=${fullTime(at)}>${clockTime(at)}</time>`
  const leave = (event: FocusEvent) => {
    if (!(event.currentTarget as HTMLElement).contains(event.relatedTarget as Node | null)) setNear(false)
  }
  const look = classes(
    'message',
    compact && 'message-compact',
    message.is_ephemeral && 'message-private',
    message.pinned && 'message-pinned',
  )
  return html`<article class=${look} data-ts=${message.ts} tabindex="-1" aria-label=${`${author}, ${clockTime(at)}`}
      onMouseEnter=${() => setNear(true)} onMouseLeave=${() => setNear(false)} onFocus=${() => setNear(true)} onfocusin=${() => setNear(true)} onfocusout=${leave}>
    ${message.is_ephemeral && html`<p class="private-mark"><${Icon} name="eye" />${words.value.onlyYou}</p>`}
    ${message.pinned && html`<p class="pinned-mark"><${Icon} name="pin" />${words.value.pinnedMark}</p>`}
    <div class="message-gutter">${compact ? time : html`<${Avatar} person=${personById(message.user)} bot=${fromBot} />`}</div>
    <div class="message-body">
      ${!compact && html`<div class="message-head"><span class="message-author">${author}</span>${fromBot && html`<span class="app-tag">${words.value.app}</span>`}${time}</div>`}
      <${Content} message=${message} channel=${channel} />
      ${message.edited && html`<span class="edited" title=${fullTime(dateOfTs(message.edited.ts))}>${words.value.edited}</span>`}
      <${Files} files=${message.files ?? []} />
      ${message.reactions?.length ? html`<${Reactions} message=${message} channel=${channel} />` : null}
      ${!inThread && message.reply_count ? html`<${Replies} message=${message} />` : null}
      ${message.is_ephemeral && html`<button type="button" class="link-button dismiss" onClick=${() => dismissEphemeral(channel, message.ts)}>${words.value.dismiss}</button>`}
    </div>
    ${near && !message.is_ephemeral && html`<${MessageActions} message=${message} channel=${channel} inThread=${inThread} />`}
  </article>`
}

/** Blocks when there are any; the text is then only what notifications say. */
function Content({ message, channel }: { message: Message; channel: string }): Drawn {
  const host = { kind: 'message', channel, ts: message.ts, state: message.state?.values } as const
  return html`<div class="message-content">
    ${message.blocks?.length ? html`<${Blocks} host=${host} blocks=${message.blocks} />` : message.text && html`<${Mrkdwn} text=${message.text} />`}
    <${Attachments} host=${host} attachments=${message.attachments ?? []} />
  </div>`
}

function Replies({ message }: { message: Message }): Drawn {
  const faces = (message.reply_users ?? [])
    .slice(0, 3)
    .map((id) => html`<${Avatar} person=${personById(id)} bot=${personById(id)?.isBot} size="small" />`)
  return html`<button type="button" class="replies" onClick=${() => openThread(message.ts)}>
    ${faces}<span class="replies-count">${words.value.replies(message.reply_count ?? 0)}</span>
    ${message.latest_reply && html`<span class="replies-when">${words.value.lastReply(ago(dateOfTs(message.latest_reply)))}</span>`}
  </button>`
}

const lines = new Set([
  'channel_join',
  'channel_leave',
  'channel_topic',
  'channel_purpose',
  'channel_name',
  'channel_archive',
  'channel_unarchive',
  'pinned_item',
  'bot_add',
])

const isSystem = (message: Message) => lines.has(message.subtype ?? '')

/** A line such as "joined"; who did it stands first, unless the line says so itself. */
function SystemLine({ message }: { message: Message }): Drawn {
  const line = words.value.systemLine(message.text ?? '')
  const author = line.startsWith('<@') || !message.user ? '' : `<@${message.user}> `
  return html`<div class="system-line" data-ts=${message.ts}><div class="message-gutter"><span class="system-dot"></span></div><${Mrkdwn} text=${author + line} /></div>`
}
