import type { FunctionComponent } from 'preact'
import type { Control } from '../blocks/types.ts'
import { plain } from '../format/mrkdwn-view.ts'
import { type Drawn, html } from '../lib/html.ts'
import { ButtonControl, Overflow } from './button.ts'
import { Feedback, IconButton } from './feedback.ts'
import { Picker } from './pickers.ts'
import type { ControlProps } from './props.ts'
import { Select } from './select.ts'
import { TextInput } from './texts.ts'
import { Checkboxes, RadioButtons } from './toggles.ts'

type Component = (props: ControlProps) => Drawn

const components: Readonly<Record<string, Component>> = {
  button: ButtonControl,
  workflow_button: ButtonControl,
  overflow: Overflow,
  icon_button: IconButton,
  feedback_buttons: Feedback,
  radio_buttons: RadioButtons,
  checkboxes: Checkboxes,
  datepicker: Picker,
  timepicker: Picker,
  datetimepicker: Picker,
  plain_text_input: TextInput,
  rich_text_input: TextInput,
  number_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
}

/** Draws an interactive element by its type; an image as an image. */
export function ControlView(props: ControlProps): Drawn {
  const { control } = props
  if (control.type === 'image')
    return html`<img class="accessory-image" src=${control.image_url} alt=${control.alt_text ?? ''} />`
  const component = (components[control.type] ?? (control.type.endsWith('_select') ? Select : undefined)) as
    | FunctionComponent<ControlProps>
    | undefined
  return component ? html`<${component} ...${props} />` : null
}

/** What a control that stands without a label is called. */
export const ownName = (control: Control): string =>
  control.accessibility_label ?? plain(control.text?.text ?? control.placeholder?.text ?? '')
