import type { Text } from '../blocks/types.ts'
import { type Drawn, html } from '../lib/html.ts'
import { emojiOf } from './emoji.ts'
import { decode } from './entities.ts'
import { type Inline, type Piece, parseMrkdwn } from './mrkdwn.ts'
import { channelMention, dateOf, everybody, groupMention, linkTo, userMention } from './parts.ts'

/** Slack's mrkdwn as nodes. */
export const Mrkdwn = ({ text }: { text: string }): Drawn =>
  html`<div class="mrkdwn">${parseMrkdwn(text).map(piece)}</div>`

/** A text object: mrkdwn, or plain text with its emoji names. */
export const TextObject = ({ text }: { text: Text | string }): Drawn => {
  if (typeof text === 'string') return plain(text)
  return text.type === 'mrkdwn' ? html`<${Mrkdwn} text=${text.text} />` : plain(text.text)
}

/** Plain text objects know no markup but emoji names. */
export const plain = (text: string): string =>
  decode(text).replaceAll(/:([a-z0-9_+-]+):/g, (all, name: string) => emojiOf(name) ?? all)

function piece(one: Piece): Drawn {
  if (one.kind === 'fence') return html`<pre class="fence"><code>${one.text}</code></pre>`
  if (one.kind === 'quote') return html`<blockquote>${one.inner.map(inline)}</blockquote>`
  return html`<p>${one.inner.map(inline)}</p>`
}

export function inline(one: Inline): Drawn {
  switch (one.kind) {
    case 'text':
      return one.text
    case 'bold':
      return html`<strong>${one.inner.map(inline)}</strong>`
    case 'italic':
      return html`<em>${one.inner.map(inline)}</em>`
    case 'strike':
      return html`<s>${one.inner.map(inline)}</s>`
    case 'code':
      return html`<code>${one.text}</code>`
    case 'emoji':
      return html`<span class="emoji" role="img" aria-label=${one.name.replaceAll('_', ' ')}>${one.text}</span>`
    case 'break':
      return html`<br />`
    case 'link':
      return linkTo(one.url, one.label)
    case 'user':
      return userMention(one.id, one.label)
    case 'channel':
      return channelMention(one.id, one.label)
    case 'group':
      return groupMention(one.label ?? `@${one.id}`)
    case 'everybody':
      return everybody(one.range)
    case 'date':
      return dateOf(one.seconds, one.format, one.url, one.fallback)
  }
}
