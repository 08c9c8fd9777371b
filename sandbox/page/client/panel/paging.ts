import { type Drawn, html } from '../lib/html.ts'
import { ago } from '../lib/time.ts'
import { post } from '../state/api.ts'
import { words } from '../state/session.ts'
import { showToast } from '../state/toasts.ts'
import { useFollowed } from './follow.ts'

type Page = { key: string; name: string; at: string; level: number; reason: keyof typeof words.value.pageReasons }
type Incident = {
  id: string
  number: number
  title: string
  status: 'triggered' | 'acknowledged' | 'resolved'
  severity: string
  createdAt: string
  acknowledgedBy: string | null
  pages: Page[]
  notes: { name: string; content: string; at: string }[]
}
type Summary = {
  away: boolean
  policy: string
  onCall: { level: number; key: string; name: string; phone: string }[]
  incidents: Incident[]
}

const read = (data: unknown): Summary | null => {
  const found = data as Summary | null
  return found && Array.isArray(found.incidents) ? found : null
}

/** Who is on call, who was paged, when and why; one can answer in the name of who was called last. */
export function Paging(): Drawn {
  const { data, reload } = useFollowed('/panel/paging', read)
  if (data === undefined) return html`<p class="loading" role="status">${words.value.loading}</p>`
  if (data === null) return html`<p class="panel-empty">${words.value.pagingEmpty}</p>`
  const act = async (incident: Incident, action: 'acknowledge' | 'resolve') => {
    const user = incident.pages.at(-1)?.key ?? data.onCall[0]?.key ?? ''
    const answer = await post('/panel/paging', { incident: incident.id, action, user })
    if (!answer.ok) showToast(words.value.failedWith(String(answer.error)))
    await reload()
  }
  const { onCall, level, pagingAway, pagingEmpty } = words.value
  return html`
    ${data.away && html`<p class="panel-alert" role="status">${pagingAway}</p>`}
    <section class="panel-group"><h3>${onCall} · ${data.policy}</h3><ul class="on-call">${data.onCall.map((one) => html`<li key=${one.key}><strong>${one.name}</strong><span class="soft">${level(one.level)}</span><span class="soft">${one.phone}</span></li>`)}</ul></section>
    ${data.incidents.length === 0 ? html`<p class="panel-empty">${pagingEmpty}</p>` : data.incidents.map((one) => html`<${IncidentCard} key=${one.id} incident=${one} onAct=${(action: 'acknowledge' | 'resolve') => act(one, action)} />`)}`
}

const shapes = {
  triggered: 'M10 3l8 14H2z',
  acknowledged: 'M10 3a7 7 0 1 1 0 14z M10 3a7 7 0 1 0 0 14',
  resolved: 'M4 10.5l4 4 8-9',
} as const

function IncidentCard({
  incident,
  onAct,
}: {
  incident: Incident
  onAct: (action: 'acknowledge' | 'resolve') => void
}): Drawn {
  const { incidentStates, pageReasons, wasPaged, byPerson, level, acknowledge, resolve } = words.value
  return html`<article class="incident incident-${incident.status}">
    <p class="incident-state"><svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d=${shapes[incident.status]} /></svg>${incidentStates[incident.status]}${incident.acknowledgedBy ? ` ${byPerson(incident.acknowledgedBy)}` : ''}
      <span class="soft">#${incident.number} · ${ago(new Date(incident.createdAt))}</span></p>
    <h4>${incident.title}</h4>
    <ol class="pages">${incident.pages.map((page) => html`<li>${wasPaged(page.name)}<span class="soft">${level(page.level)} · ${ago(new Date(page.at))} · ${pageReasons[page.reason]}</span></li>`)}</ol>
    ${incident.notes.map((note) => html`<p class="incident-note"><strong>${note.name}</strong> ${note.content}</p>`)}
    ${
      incident.status !== 'resolved' &&
      html`<div class="incident-buttons">
      ${incident.status === 'triggered' && html`<button type="button" class="button button-small" onClick=${() => onAct('acknowledge')}>${acknowledge}<span class="hidden"> #${incident.number}</span></button>`}
      <button type="button" class="button button-small" onClick=${() => onAct('resolve')}>${resolve}<span class="hidden"> #${incident.number}</span></button></div>`
    }
  </article>`
}
