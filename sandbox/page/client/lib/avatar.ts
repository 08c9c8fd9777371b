import type { Person } from '../types.ts'
import { type Drawn, html } from './html.ts'

const tones = 6

/** Initials on a colour of their own; the bot has a mark. Decoration, drawn by the style sheet so that it is no text: the name always stands beside it. */
export function Avatar({
  person,
  bot,
  size = 'normal',
}: {
  person?: Person | undefined
  bot?: boolean
  size?: 'normal' | 'small'
}): Drawn {
  if (bot)
    return html`<span class="avatar avatar-bot avatar-${size}" aria-hidden="true">
      <svg viewBox="0 0 24 24"><path d="M17.5 8.2A7 7 0 1 0 19 12.5M18.5 4v4.6h-4.6M12 8.8v4l2.6 1.6" /></svg>
    </span>`
  const name = person?.realName ?? '?'
  const initials = name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase()
  return html`<span class="avatar avatar-${size} tone-${toneOf(person?.name ?? '')}" aria-hidden="true" data-initials=${initials}></span>`
}

const fixed: Readonly<Record<string, number>> = { ana: 0, luis: 1, marta: 2, invitado: 3 }

const toneOf = (name: string) => fixed[name] ?? [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % tones
