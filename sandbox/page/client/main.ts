import { render } from 'preact'
import { App } from './app.ts'
import { html } from './lib/html.ts'
import { loadScenarios } from './panel/scenario-list.ts'
import { begin, followAddress } from './state/go.ts'
import { now } from './state/session.ts'
import { markRead } from './state/workspace.ts'

const root = document.getElementById('page')
if (root) render(html`<${App} />`, root)

setInterval(() => {
  now.value = Date.now()
}, 30_000)
addEventListener('popstate', () => void followAddress())
document.addEventListener('visibilitychange', markRead)
void begin()
void loadScenarios()
