import type { RichElement, RichStyle } from '../blocks/types.ts'
import { type Drawn, html } from '../lib/html.ts'
import { emojiOf } from './emoji.ts'
import { channelMention, dateOf, everybody, groupMention, linkTo, userMention } from './parts.ts'

type Line = { elements?: RichElement[] | undefined }

/** The sections of a rich_text block; text in them is final, without markup. */
export const RichText = ({ elements = [] }: Line): Drawn => html`<div class="mrkdwn">${elements.map(section)}</div>`

function section(one: RichElement): Drawn {
  const inner = one.elements ?? []
  if (one.type === 'rich_text_preformatted')
    return html`<pre class="fence"><code>${inner.map((part) => part.text ?? part.url)}</code></pre>`
  if (one.type === 'rich_text_quote') return html`<blockquote>${inner.map(element)}</blockquote>`
  if (one.type === 'rich_text_list') return list(one, inner)
  return html`<p>${inner.map(element)}</p>`
}

function list(one: RichElement, inner: RichElement[]): Drawn {
  const items = inner.map((item) => html`<li>${(item.elements ?? []).map(element)}</li>`)
  const indent = `list-indent-${Math.min(one.indent ?? 0, 8)}`
  return one.style === 'ordered'
    ? html`<ol class=${indent} start=${(one.offset ?? 0) + 1}>${items}</ol>`
    : html`<ul class=${indent}>${items}</ul>`
}

/** Line breaks stand in the text itself. */
const lines = (text: string): Drawn =>
  text.split('\n').flatMap((line, index) => (index === 0 ? [line] : [html`<br />`, line]))

function element(one: RichElement): Drawn {
  return styled(bare(one), typeof one.style === 'object' ? one.style : {})
}

function bare(one: RichElement): Drawn {
  switch (one.type) {
    case 'text':
      return lines(one.text ?? '')
    case 'link':
      return linkTo(one.url ?? '', one.text || one.url)
    case 'user':
      return userMention(one.user_id ?? '')
    case 'channel':
      return channelMention(one.channel_id ?? '')
    case 'usergroup':
      return groupMention(`@${one.usergroup_id}`)
    case 'broadcast':
      return everybody(one.range ?? 'here')
    case 'emoji':
      return emojiOf(one.name ?? '') ?? `:${one.name}:`
    case 'date':
      return dateOf(one.timestamp ?? 0, one.format ?? '', one.url, one.fallback ?? '')
    case 'color':
      return html`<code>${one.value}</code>`
    default:
      return null
  }
}

function styled(inner: Drawn, { bold, italic, strike, code }: RichStyle): Drawn {
  let drawn = inner
  if (code) drawn = html`<code>${drawn}</code>`
  if (strike) drawn = html`<s>${drawn}</s>`
  if (italic) drawn = html`<em>${drawn}</em>`
  return bold ? html`<strong>${drawn}</strong>` : drawn
}
