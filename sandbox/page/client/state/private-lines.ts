import { signal } from '@preact/signals'
import type { Message } from '../types.ts'
import { post } from './api.ts'
import { me } from './session.ts'

const dismissed = signal<readonly string[]>([])

/** Ephemeral messages go when their reader wants it, at once here and then in the workspace. */
export function dismissEphemeral(channel: string, ts: string): void {
  const mine = own.value.some((one) => one.message.ts === ts)
  own.value = own.value.filter((one) => one.message.ts !== ts)
  if (mine) return
  dismissed.value = [...dismissed.value, ts]
  void post('/person/dismiss', { user: me.value, channel, ts })
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
    { who, channel, thread, message: { ts, text, user: 'USLACKBOT', subtype: 'page_line', is_ephemeral: true } },
  ]
}
