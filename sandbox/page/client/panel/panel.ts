import type { TargetedKeyboardEvent } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { classes, type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { words } from '../state/session.ts'
import { Cluster } from './cluster.ts'
import { Paging } from './paging.ts'
import { Scenarios } from './scenarios.ts'
import { panelOpen, showPanel, showTab, type Tab, tab, tabs } from './state.ts'

const contents = { scenarios: Scenarios, cluster: Cluster, paging: Paging } as const

/** What is not chat: scenarios to play, the cluster, who was paged. A sheet from below on narrow screens. */
export function Panel(): Drawn {
  const own = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!matchMedia('(min-width: 900px)').matches)
      own.current?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus()
  }, [])
  const { hidePanel, panel, tabs: names } = words.value
  const keys = (event: TargetedKeyboardEvent<HTMLElement>) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = tabs[(tabs.indexOf(tab.value) + step + tabs.length) % tabs.length]
    if (step === 0 || !next) return
    event.preventDefault()
    showTab(next)
    requestAnimationFrame(() => document.getElementById(`tab-${next}`)?.focus())
  }
  const onEscape = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && panelOpen.value) showPanel(false)
  }
  const content = contents[tab.value]
  return html`<div class="sheet-shade" onClick=${() => showPanel(false)}></div>
    <aside ref=${own} class="pane panel" aria-label=${panel} onKeyDown=${onEscape}>
      <header class="bar"><h2 class="hidden">${panel}</h2><div role="tablist" class="tabs" aria-label=${panel} onKeyDown=${keys}>
        ${tabs.map(
          (
            name: Tab,
          ) => html`<button type="button" role="tab" id=${`tab-${name}`} aria-selected=${tab.value === name} aria-controls="panel-content" tabindex=${tab.value === name ? 0 : -1}
          class=${classes('tab', tab.value === name && 'tab-on')} onClick=${() => showTab(name)}>${names[name]}</button>`,
        )}</div>
        <button type="button" class="icon-button" aria-label=${hidePanel} onClick=${() => showPanel(false)}><${Icon} name="close" /></button></header>
      <div id="panel-content" role="tabpanel" aria-labelledby=${`tab-${tab.value}`} class="panel-scroll" tabindex="0"><${content} key=${tab.value} /></div>
    </aside>`
}
