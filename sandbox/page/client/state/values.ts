import { signal } from '@preact/signals'
import type { Block, Control, View } from '../types.ts'

/** What a control holds: an option's value, several, a date, a text. */
export type Value = string | number | string[] | null

/** Where a block stands: decides what its controls send. */
export type Host =
  | { readonly kind: 'message'; readonly channel: string; readonly ts: string }
  | { readonly kind: 'view'; readonly view: View }

const held = signal<Readonly<Record<string, Value>>>({})

const hostKey = (host: Host) => (host.kind === 'view' ? host.view.id : host.ts)

/** Slack keeps what was typed across an update of the view as long as block_id and action_id stay. */
export const keyOf = (host: Host, block: Block, control: Control) =>
  [hostKey(host), block.block_id ?? '', control.action_id ?? ''].join(' ')

export function heldValue(host: Host, block: Block, control: Control): Value {
  const kept = held.value[keyOf(host, block, control)]
  return kept === undefined ? initialOf(control) : kept
}

export function hold(host: Host, block: Block, control: Control, value: Value): void {
  held.value = { ...held.value, [keyOf(host, block, control)]: value }
}

export function initialOf(control: Control): Value {
  const options = control.initial_options?.map((one) => one.value ?? '')
  return (
    control.initial_value ??
    control.initial_option?.value ??
    options ??
    control.initial_date ??
    control.initial_time ??
    control.initial_date_time ??
    control.initial_user ??
    control.initial_users ??
    control.initial_conversation ??
    control.initial_conversations ??
    control.initial_channel ??
    control.initial_channels ??
    (/^multi_|checkboxes/.test(control.type) ? [] : null)
  )
}

const stateless = new Set(['button', 'overflow', 'image', 'icon_button', 'feedback_buttons', 'workflow_button'])

/** Everything in a view that has a value, in the shape that `submit` takes. */
export function valuesOf(view: View): Record<string, Record<string, Value>> {
  const host: Host = { kind: 'view', view }
  const values: Record<string, Record<string, Value>> = {}
  for (const block of view.blocks) {
    for (const control of controlsOf(block)) {
      if (!control.action_id || !block.block_id || stateless.has(control.type)) continue
      const value = heldValue(host, block, control)
      if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) continue
      values[block.block_id] = { ...values[block.block_id], [control.action_id]: value }
    }
  }
  return values
}

function controlsOf(block: Block): Control[] {
  const row = block.type === 'actions' ? ((block.elements ?? []) as Control[]) : []
  return [block.element, block.accessory, ...row].filter((one) => one !== undefined)
}
