import { useEffect, useRef } from 'preact/hooks'
import { classes, type Drawn, html } from '../lib/html.ts'
import { words } from '../state/session.ts'
import { commands } from '../state/workspace.ts'
import type { Command } from '../types.ts'

/** The commands that fit what was typed; with arguments behind it, the one that is meant. */
export function hintsFor(text: string): Command[] {
  if (!text.startsWith('/') || text.includes('\n')) return []
  const [name = '', ...rest] = text.split(' ')
  return commands.value.filter((one) =>
    rest.length > 0 ? one.command === name : one.command.startsWith(name.toLowerCase()),
  )
}

type Props = {
  readonly id: string
  readonly hints: readonly Command[]
  readonly active: number
  /** False while arguments are typed: then the line only explains. */
  readonly choosing: boolean
  readonly onChoose: (command: string) => void
}

export function CommandHints({ id, hints, active, choosing, onChoose }: Props): Drawn {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => list.current?.querySelector('.hint-active')?.scrollIntoView({ block: 'nearest' }), [active])
  return html`<div class="hints">
    <p class="hints-head" aria-hidden="true"><span>${words.value.commands}</span>${choosing && html`<span>${words.value.commandHint}</span>`}</p>
    <div ref=${list} id=${id} role="listbox" aria-label=${words.value.commands} class="hints-list">
      ${hints.map((one, index) => {
        const on = choosing && index === Math.min(active, hints.length - 1)
        return html`<div id=${`${id}-${index}`} key=${one.command} role="option" aria-selected=${on} class=${classes('hint', on && 'hint-active')}
            onMouseDown=${(event: Event) => event.preventDefault()} onClick=${() => onChoose(one.command)}>
          <span class="hint-command">${one.command} <span class="hint-usage">${one.usage}</span></span><span class="hint-what">${one.description}</span></div>`
      })}
    </div>
  </div>`
}
