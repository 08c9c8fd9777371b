import type { Block, Control } from '../blocks/types.ts'
import { ask } from '../dialogs/ask.ts'
import { type Payload, press } from '../state/act.ts'
import { clearError } from '../state/errors.ts'
import { type Host, heldValue, hold, type Value } from '../state/values.ts'

/** An input of a form tells the app only when the form is sent, unless the app asked to hear of it at once. */
const tellsAtOnce = (host: Host, block: Block) =>
  host.kind === 'message' || block.type !== 'input' || block.dispatch_action === true

/** Takes a new value; outside forms the app hears of it at once, after the confirming question if there is one. */
export async function change(
  host: Host,
  block: Block,
  control: Control,
  value: Value,
  payload: Payload,
): Promise<void> {
  const before = heldValue(host, block, control)
  hold(host, block, control, value)
  if (host.kind === 'view' && block.block_id) clearError(host.view.id, block.block_id)
  if (!tellsAtOnce(host, block)) return
  if (!(await ask(control.confirm))) return hold(host, block, control, before)
  await press(host, block, control, payload)
}

/** Typing in an input: kept, and told only when Enter is pressed and the app asked for it. */
export function typed(host: Host, block: Block, control: Control, text: string): void {
  hold(host, block, control, text)
  if (host.kind === 'view' && block.block_id) clearError(host.view.id, block.block_id)
}

export const tellsOnEnter = (host: Host, block: Block) => tellsAtOnce(host, block)
