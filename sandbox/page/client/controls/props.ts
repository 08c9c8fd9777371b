import type { Block, Control } from '../blocks/types.ts'
import type { Host } from '../state/values.ts'

/** What every control is drawn from. */
export type ControlProps = {
  readonly host: Host
  readonly block: Block
  readonly control: Control
  /** The name for screen readers: the label of the input, or what the control says of itself. */
  readonly label: string
  /** The id of the error or hint that belongs to it. */
  readonly describedBy?: string | undefined
  readonly invalid?: boolean
}
