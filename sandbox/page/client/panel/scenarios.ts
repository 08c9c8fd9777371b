import { useEffect, useState } from 'preact/hooks'
import { classes, type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { post } from '../state/api.ts'
import { words } from '../state/session.ts'
import { languageOf, loadScenarios, type Scenario, scenarios } from './scenario-list.ts'

type State = 'running' | 'done' | 'failed'

const shownMs = 4000

/** What one can make happen, each a button with a sentence. */
export function Scenarios(): Drawn {
  const list = scenarios.value
  const [states, setStates] = useState<Readonly<Record<string, State>>>({})
  useEffect(() => void loadScenarios(), [])
  const set = (name: string, state: State | undefined) =>
    setStates(({ [name]: _, ...others }) => (state === undefined ? others : { ...others, [name]: state }))
  const run = async (name: string) => {
    if (states[name] === 'running') return
    set(name, 'running')
    const answer = await post(`/scenarios/${name}`)
    set(name, answer.ok ? 'done' : 'failed')
    if (answer.ok) setTimeout(() => set(name, undefined), shownMs)
  }
  if (list === undefined) return html`<p class="loading" role="status">${words.value.loading}</p>`
  if (list.length === 0) return html`<p class="panel-empty">${words.value.scenariosEmpty}</p>`
  const groups = [...new Set(list.map((one) => one.group ?? 'other'))]
  return html`<p class="panel-lead">${words.value.scenariosTeach}</p>
    ${groups.map(
      (
        group,
      ) => html`<section class="panel-group" key=${group}><h3>${words.value.groups[group as keyof typeof words.value.groups] ?? group}</h3>
      ${list.filter((one) => (one.group ?? 'other') === group).map((one) => html`<${Card} key=${one.name} scenario=${one} state=${states[one.name]} onRun=${() => run(one.name)} />`)}</section>`,
    )}`
}

function Card({ scenario, state, onRun }: { scenario: Scenario; state: State | undefined; onRun: () => void }): Drawn {
  const language = languageOf()
  const { scenarioRunning, scenarioDone, scenarioFailed } = words.value
  const said = state && { running: scenarioRunning, done: scenarioDone, failed: scenarioFailed }[state]
  return html`<button type="button" class=${classes('scenario', state && `scenario-${state}`)} aria-busy=${state === 'running'} onClick=${onRun} data-scenario=${scenario.name}>
    <span class="scenario-title">${scenario.title[language]}</span><span class="scenario-what">${scenario.what[language]}</span>
    <span class="scenario-state" role="status">${state === 'running' && html`<span class="spinner" aria-hidden="true"></span>`}${state === 'done' && html`<${Icon} name="check" />`}${state === 'failed' && html`<${Icon} name="alert" />`}${said}</span>
  </button>`
}
