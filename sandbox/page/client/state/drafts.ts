import { me } from './session.ts'

const kept = 'rescue-drafts'
const drafts = new Map<string, string>(
  Object.entries(JSON.parse(sessionStorage.getItem(kept) ?? '{}') as Record<string, string>),
)

const keyOf = (channel: string, thread: string | null) => [me.value, channel, thread ?? ''].join('/')

/** What was begun and not sent, for each person and place. */
export const draftOf = (channel: string, thread: string | null) => drafts.get(keyOf(channel, thread)) ?? ''

export function keepDraft(channel: string, thread: string | null, text: string): void {
  if (text === '') drafts.delete(keyOf(channel, thread))
  else drafts.set(keyOf(channel, thread), text)
  sessionStorage.setItem(kept, JSON.stringify(Object.fromEntries(drafts)))
}
