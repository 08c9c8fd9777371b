import type { TargetedInputEvent, TargetedKeyboardEvent } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { plain } from '../format/mrkdwn-view.ts'
import { classes, type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { words } from '../state/session.ts'
import { type Choice, type ChoiceGroup, filtered } from './choices.ts'

type Props = {
  readonly id: string
  readonly label: string
  readonly groups: readonly ChoiceGroup[] | undefined
  /** Where the app supplies the choices: asked again at each change of the search. */
  readonly suggest?: ((query: string) => Promise<ChoiceGroup[]>) | undefined
  readonly minQuery: number
  readonly selected: readonly string[]
  readonly multiple: boolean
  readonly onChoose: (choice: Choice) => void
}

const searchFrom = 7

/** The open list of a select: search above when it is long, arrows, Home, End and Enter. */
export function OptionList({ id, label, groups, suggest, minQuery, selected, multiple, onChoose }: Props): Drawn {
  const [query, setQuery] = useState('')
  const [found, setFound] = useState<readonly ChoiceGroup[] | undefined>(groups)
  const [active, setActive] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const focus = useRef<HTMLElement>(null)
  const waits = suggest !== undefined && query.length < minQuery
  useEffect(() => focus.current?.focus(), [])
  useEffect(() => {
    if (!suggest) return setFound(filtered(groups ?? [], query))
    if (waits) return setFound([])
    let current = true
    const timer = setTimeout(() => suggest(query).then((answer) => current && setFound(answer)), 120)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [query])
  const choices = (found ?? []).flatMap((group) => group.choices)
  useEffect(() => list.current?.querySelector('.option-active')?.scrollIntoView({ block: 'nearest' }), [active])
  const at = Math.min(active, Math.max(0, choices.length - 1))
  const keys = (event: TargetedKeyboardEvent<HTMLElement>) => {
    const last = Math.max(0, choices.length - 1)
    const to = { ArrowDown: Math.min(at + 1, last), ArrowUp: Math.max(at - 1, 0), Home: 0, End: last }[event.key]
    const chosen = event.key === 'Enter' ? choices[at] : undefined
    if (to === undefined && !chosen) return
    event.preventDefault()
    if (to !== undefined) setActive(to)
    if (chosen) onChoose(chosen)
  }
  const type = (event: TargetedInputEvent<HTMLInputElement>) => {
    setQuery(event.currentTarget.value)
    setActive(0)
  }
  const searches = suggest !== undefined || (groups ?? []).flatMap((group) => group.choices).length >= searchFrom
  const current = choices[at] ? `${id}-${at}` : undefined
  const search = html`<input ref=${focus} class="input option-search" type="text" role="combobox" aria-label=${words.value.search} placeholder=${words.value.search}
    aria-expanded="true" aria-controls=${id} aria-activedescendant=${current} autocomplete="off" value=${query} onInput=${type} onKeyDown=${keys} />`
  let index = -1
  const option = (choice: Choice) => {
    index += 1
    const own = index
    const chosen = selected.includes(choice.value)
    return html`<div id=${`${id}-${own}`} role="option" aria-selected=${chosen} class=${classes('option', own === at && 'option-active', chosen && 'option-chosen')}
        onMouseMove=${() => setActive(own)} onClick=${() => onChoose(choice)}>
      <span class="option-mark">${chosen && html`<${Icon} name="check" />`}</span>
      <span class="option-words">${plain(choice.text)}${choice.description && html`<span class="option-description">${plain(choice.description)}</span>`}</span>
    </div>`
  }
  return html`<div class="option-box">
    ${searches && search}
    <div id=${id} ref=${searches ? list : joined(list, focus)} class="option-list" role="listbox" aria-label=${label} aria-multiselectable=${multiple || undefined}
        tabindex=${searches ? -1 : 0} aria-activedescendant=${searches ? undefined : current} onKeyDown=${searches ? undefined : keys}>
      ${(found ?? []).map((group) => (group.label === undefined ? group.choices.map(option) : html`<div role="group" aria-label=${group.label}><div class="option-group" aria-hidden="true">${plain(group.label)}</div>${group.choices.map(option)}</div>`))}
    </div>
    ${choices.length === 0 && html`<p class="option-none" role="status">${waits ? words.value.typeToSearch(minQuery) : words.value.noMatches}</p>`}
  </div>`
}

const joined =
  (...refs: { current: HTMLElement | null }[]) =>
  (element: HTMLElement | null) => {
    for (const ref of refs) ref.current = element
  }
