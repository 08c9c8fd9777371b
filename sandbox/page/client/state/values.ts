import { signal } from '@preact/signals'
import type { Block, Control, Option } from '../blocks/types.ts'
import type { StateValues, View } from '../types.ts'

/** What a control holds: an option's value, several, a date, a text. */
export type Value = string | number | string[] | null

/** Where a block stands: decides what its controls send. */
export type Host =
  | {
      readonly kind: 'message'
      readonly channel: string
      readonly ts: string
      readonly state?: StateValues | undefined
    }
  | { readonly kind: 'view'; readonly view: View }

const held = signal<Readonly<Record<string, Value>>>({})

const hostKey = (host: Host) => (host.kind === 'view' ? host.view.id : host.ts)

/** Slack keeps what was typed across an update of the view as long as block_id and action_id stay. */
export const keyOf = (host: Host, block: Block, control: Control) =>
  [hostKey(host), block.block_id ?? '', control.action_id ?? ''].join(' ')

export function heldValue(host: Host, block: Block, control: Control): Value {
  const kept = held.value[keyOf(host, block, control)]
  return kept === undefined ? (reportedValue(host, block, control) ?? initialOf(control)) : kept
}

/** What the workspace knows of this control, when another window or an earlier visit set it. */
function reportedValue(host: Host, block: Block, control: Control): Value {
  const states = host.kind === 'view' ? host.view.state?.values : host.state
  const { type: _, ...fields } = states?.[block.block_id ?? '']?.[control.action_id ?? ''] ?? {}
  const [value] = Object.values(fields)
  const plain = (one: unknown): string =>
    typeof one === 'object' && one !== null ? String((one as Option).value) : String(one)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'number') return value
  return value === null || value === undefined || (typeof value === 'object' && !('value' in value))
    ? null
    : plain(value)
}

const suggested = new Map<string, Option>()

/** An option that the app suggested must be sent whole, since its list may be another one by then. */
export const rememberOption = (option: Option): void => void suggested.set(option.value ?? '', option)

const whole = (control: Control, value: Value): unknown => {
  if (!control.type.includes('external')) return value
  const optionOf = (one: string) =>
    suggested.get(one) ??
    [...(control.initial_options ?? []), control.initial_option].find((known) => known?.value === one) ??
    one
  return Array.isArray(value) ? value.map(optionOf) : value === null ? null : optionOf(String(value))
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

/** Everything in a view that can hold a value, in the shape that `submit` takes; null empties. */
export function valuesOf(view: View): Record<string, Record<string, unknown>> {
  const host: Host = { kind: 'view', view }
  const values: Record<string, Record<string, unknown>> = {}
  for (const block of view.blocks) {
    for (const control of controlsOf(block)) {
      if (!control.action_id || !block.block_id || stateless.has(control.type)) continue
      const value = whole(control, heldValue(host, block, control))
      values[block.block_id] = { ...values[block.block_id], [control.action_id]: value }
    }
  }
  return values
}

function controlsOf(block: Block): Control[] {
  const row = block.type === 'actions' ? ((block.elements ?? []) as Control[]) : []
  return [block.element, block.accessory, ...row].filter((one) => one !== undefined)
}
