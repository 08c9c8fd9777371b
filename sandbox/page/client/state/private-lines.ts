import { signal } from '@preact/signals'
import type { Message } from '../types.ts'

const kept = 'rescue-dismissed'

const dismissed = signal<readonly string[]>(JSON.parse(sessionStorage.getItem(kept) ?? '[]') as string[])

/** Ephemeral messages go when their reader wants it, and stay gone in this window. */
export function dismissEphemeral(ts: string): void {
  dismissed.value = [...dismissed.value, ts].slice(-500)
  own.value = own.value.filter((one) => one.message.ts !== ts)
  sessionStorage.setItem(kept, JSON.stringify(dismissed.value))
}

export const isDismissed = (ts: string) => dismissed.value.includes(ts)

type Line = {
  readonly channel: string
  readonly thread: string | null
  readonly who: string
  readonly message: Message
}

/** Lines that only this page knows: what Slack's client itself says when something did not work. */
export const own = signal<readonly Line[]>([])
let last = 0

export function sayPrivately(who: string, channel: string, thread: string | null, text: string): void {
  const ts = (Date.now() / 1000 + ++last / 1e6).toFixed(6)
  own.value = [
    ...own.value,
    { who, channel, thread, message: { ts, text, username: 'Slackbot', subtype: 'page_line', is_ephemeral: true } },
  ]
}
