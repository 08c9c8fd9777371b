import { signal } from '@preact/signals'
import type { Block, Control, Option } from '../blocks/types.ts'
import { post, type Reply } from './api.ts'
import { me, words } from './session.ts'
import { showToast } from './toasts.ts'
import { type Host, keyOf, valuesOf } from './values.ts'
import { loadView } from './workspace.ts'

export type ActState = 'pending' | 'failed'

/** Which controls wait for the app's answer, or did not get one, by their key. */
export const actStates = signal<Readonly<Record<string, ActState>>>({})

export function mark(key: string, state: ActState | undefined): void {
  const { [key]: _, ...rest } = actStates.value
  actStates.value = state === undefined ? rest : { ...rest, [key]: state }
}

/** What a control tells the app beside its name. */
export type Payload = {
  readonly value?: string
  readonly selected_option?: Option
  readonly selected_options?: Option[]
  readonly selected_user?: string
  readonly selected_users?: string[]
  readonly selected_channel?: string
  readonly selected_channels?: string[]
  readonly selected_conversation?: string
  readonly selected_conversations?: string[]
  readonly selected_date?: string
  readonly selected_time?: string
  readonly selected_date_time?: number
}

/** Presses a control and waits for the app's ack. A press that was lost can be made again. */
export async function press(host: Host, block: Block, control: Control, payload: Payload = {}): Promise<Reply> {
  const key = keyOf(host, block, control)
  if (actStates.value[key] === 'pending') return { ok: true }
  mark(key, 'pending')
  const where =
    host.kind === 'view'
      ? { view_id: host.view.id, values: valuesOf(host.view) }
      : { channel: host.channel, ts: host.ts }
  const names = { action_id: control.action_id, block_id: block.block_id }
  const reply = await post('/person/click', { user: me.value, ...where, ...names, ...payload })
  mark(key, reply.ok ? undefined : 'failed')
  if (!reply.ok) showToast(words.value.failedWith(String(reply.error)))
  if (host.kind === 'view') void loadView()
  return reply
}
