import { focusOnce } from '../controls/button.ts'
import { Avatar } from '../lib/avatar.ts'
import { classes, type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { menuKeys, Popover } from '../lib/popover.ts'
import { become } from '../state/go.ts'
import { people, person, words } from '../state/session.ts'

/** Who sits at the keyboard: everybody of the workspace with what they may do. */
export function PersonMenu(): Drawn {
  const current = person.value
  if (!current) return null
  const { roles, youAre, switchPerson } = words.value
  const face = html`<${Avatar} person=${current} />
    <span class="person-words"><span class="hidden">${youAre} </span><span class="person-name">${current.realName}</span>
    ${current.role && html`<span class="person-role">${roles[current.role]}</span>`}<span class="hidden">. ${switchPerson}</span></span><${Icon} name="chevron" />`
  const choose = (name: string, close: () => void) => {
    close()
    void become(name)
  }
  return html`<${Popover} label=${face} class="person-button" popup="menu" wide>
    ${(close: () => void) => html`<div role="menu" class="menu" aria-label=${switchPerson} onKeyDown=${menuKeys}>
      ${people.value
        .filter((one) => !one.isBot)
        .map(
          (one) => html`<button type="button" role="menuitemradio" aria-checked=${one === current}
          ref=${one === current ? focusOnce : undefined} class=${classes('menu-item', one === current && 'menu-item-on')} onClick=${() => choose(one.name, close)}>
        <${Avatar} person=${one} size="small" />
        <span class="person-words"><span>${one.realName}</span>${one.role && html`<span class="person-role">${roles[one.role]}</span>`}</span>
        ${one === current && html`<${Icon} name="check" />`}
      </button>`,
        )}
    </div>`}
  </${Popover}>`
}
