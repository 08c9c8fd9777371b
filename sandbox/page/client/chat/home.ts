import { Blocks } from '../blocks/block.ts'
import { Avatar } from '../lib/avatar.ts'
import { type Drawn, html } from '../lib/html.ts'
import { firstScenario } from '../panel/scenario-list.ts'
import { words } from '../state/session.ts'
import { home } from '../state/workspace.ts'
import { Bar } from './header.ts'
import { bot } from './names.ts'

/** The bot's home tab. */
export function Home(): Drawn {
  const view = home.value
  const name = html`<${Avatar} bot size="small" /><span>${bot()?.realName ?? words.value.home}</span>`
  return html`<main class="place" id="place"><${Bar} name=${name}><p class="bar-topic">${words.value.home}</p></${Bar}>
    <div class="home" tabindex="0" role="region" aria-label=${words.value.home}>${view?.blocks.length ? html`<${Blocks} host=${{ kind: 'view', view }} blocks=${view.blocks} />` : html`<div class="beginning"><p class="beginning-title">${words.value.emptyHome}</p><p>${words.value.emptyTeach(firstScenario())}</p></div>`}</div>
  </main>`
}
