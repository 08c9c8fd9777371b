import type { TargetedEvent } from 'preact'
import { type Drawn, html } from '../lib/html.ts'
import { words } from '../state/session.ts'
import { heldValue } from '../state/values.ts'
import { change } from './change.ts'
import type { ControlProps } from './props.ts'

type Field = TargetedEvent<HTMLInputElement>

/** Date, time, and both: the browser's own pickers, which phones and screen readers know. */
export function Picker({ host, block, control, label, describedBy, invalid }: ControlProps): Drawn {
  const value = heldValue(host, block, control)
  const kind = { datepicker: 'date', timepicker: 'time', datetimepicker: 'datetime-local' }[control.type]
  const set = (event: Field) => {
    const text = event.currentTarget.value
    if (control.type === 'datetimepicker') {
      const seconds = text === '' ? null : Math.floor(new Date(text).getTime() / 1000)
      return change(host, block, control, seconds, seconds === null ? {} : { selected_date_time: seconds })
    }
    const payload = control.type === 'datepicker' ? { selected_date: text } : { selected_time: text }
    return change(host, block, control, text || null, payload)
  }
  return html`<input class="input input-picker" type=${kind} aria-label=${label || words.value[control.type === 'timepicker' ? 'time' : 'date']} aria-describedby=${describedBy} aria-invalid=${invalid || undefined}
    value=${typeof value === 'number' ? localDateTime(value) : (value ?? '')} onChange=${set} />`
}

function localDateTime(seconds: number): string {
  const at = new Date(seconds * 1000)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
