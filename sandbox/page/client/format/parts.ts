import { scrollToMessage } from '../chat/scroll.ts'
import { type Drawn, html } from '../lib/html.ts'
import { goTo, openThread } from '../state/go.ts'
import { channelId, now, person, personById, reader, words } from '../state/session.ts'
import { channelById } from '../state/workspace.ts'
import { safeUrl } from './entity.ts'
import { formatSlackDate } from './slack-date.ts'

/** A link out of the page, or to a message of this workspace; what is no safe address stays text. */
export function linkTo(url: string, inner: Drawn): Drawn {
  if (!safeUrl(url)) return inner
  const message = permalink(url)
  const follow = (event: Event) => {
    if (!message) return
    event.preventDefault()
    void openMessage(message)
  }
  return html`<a href=${url} target="_blank" rel="noopener noreferrer" onClick=${follow}>${inner}</a>`
}

type Place = { readonly channel: string; readonly ts: string; readonly thread: string | null }

/** Slack's permalinks: /archives/C0OPS/p1700000000000100, with the thread's ts behind it for a reply. */
function permalink(url: string): Place | undefined {
  const { origin, pathname, searchParams } = new URL(url)
  const [, channel, digits] = /^\/archives\/(\w+)\/p(\d{7,})$/.exec(pathname) ?? []
  if (origin !== location.origin || !channel || !digits) return undefined
  return { channel, ts: `${digits.slice(0, -6)}.${digits.slice(-6)}`, thread: searchParams.get('thread_ts') }
}

async function openMessage({ channel, ts, thread }: Place): Promise<void> {
  if (channelId.value !== channel) await goTo({ kind: 'channel', id: channel })
  if (thread) await openThread(thread)
  requestAnimationFrame(() => requestAnimationFrame(() => scrollToMessage(ts)))
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
