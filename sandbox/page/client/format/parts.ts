import { type Drawn, html } from '../lib/html.ts'
import { goTo } from '../state/go.ts'
import { now, person, personById, reader, words } from '../state/session.ts'
import { channelById } from '../state/workspace.ts'
import { safeUrl } from './entity.ts'
import { formatSlackDate } from './slack-date.ts'

/** A link out of the page; what is no safe address stays text. */
export function linkTo(url: string, inner: Drawn): Drawn {
  if (!safeUrl(url)) return inner
  return html`<a href=${url} target="_blank" rel="noopener noreferrer">${inner}</a>`
}

export function userMention(id: string, label?: string): Drawn {
  const found = personById(id)
  const name = found?.realName ?? label ?? id
  return html`<span class="mention ${id === person.value?.id ? 'mention-me' : ''}">@${name}</span>`
}

export function channelMention(id: string, label?: string): Drawn {
  const found = channelById(id)
  if (!found) return html`<span class="mention">#${label || id}</span>`
  return html`<button type="button" class="mention mention-channel" onClick=${() => goTo({ kind: 'channel', id })}>#${found.name}</button>`
}

export const groupMention = (label: string): Drawn => html`<span class="mention">${label}</span>`

export const everybody = (range: string): Drawn => html`<span class="mention mention-me">@${range}</span>`

export function dateOf(seconds: number, format: string, url: string | undefined, fallback: string): Drawn {
  const { today, yesterday, tomorrow } = words.value
  const at = new Date(seconds * 1000)
  if (Number.isNaN(at.getTime())) return fallback
  const shown = formatSlackDate(seconds, format, reader.value, now.value, { today, yesterday, tomorrow })
  const time = html`<time datetime=${at.toISOString()} title=${fallback}>${shown}</time>`
  return url ? linkTo(url, time) : time
}
