import type { PagingIncident, PagingSummary } from './summary.ts'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escapeHtml = (text: string) => text.replaceAll(/[&<>"']/g, (found) => escapes[found] ?? found)

const marks = { triggered: '● Triggered', acknowledged: '◐ Acknowledged', resolved: '✓ Resolved' } as const
const reasons = {
  triggered: 'new incident',
  escalated: 'nobody acknowledged in time',
  reopened: 'reopened',
  asked_to_help: 'asked to help',
} as const

const style = `
  :root { color-scheme: light dark; --line: light-dark(#e2e4e9, #33363d); --soft: light-dark(#5d6470, #a4abb8); }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 720px; margin: 0 auto; padding: 32px 16px; background: light-dark(#fff, #17181c); color: light-dark(#1c1e24, #e9eaee); }
  h1 { font-size: 20px; margin: 0 0 4px; } h2 { font-size: 16px; margin: 0; } p { margin: 4px 0; } .soft { color: var(--soft); }
  article { border: 1px solid var(--line); border-radius: 8px; padding: 16px; margin: 16px 0; } ol { margin: 8px 0 0; padding-left: 20px; }
`

/** The page at the server's root: who was paged, when and why. Reloads itself; works without scripts. */
export function reportPage(summary: PagingSummary): string {
  const onCall = summary.onCall
    .map((one) => `Level ${one.level}: ${escapeHtml(one.name)} <span class="soft">${escapeHtml(one.phone)}</span>`)
    .join('<br>')
  const list = summary.incidents.map(article).join('') || '<p class="soft">Nobody has been paged.</p>'
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5"><title>Paging</title><style>${style}</style></head>
<body><main><h1>Paging</h1><p class="soft">${escapeHtml(summary.policy)}${summary.away ? ' · away: every request is refused' : ''}</p><p>${onCall}</p>${list}</main></body></html>`
}

function article(incident: PagingIncident): string {
  const pages = incident.pages
    .map((one) => `<li>${escapeHtml(one.name)}, level ${one.level}, ${time(one.at)}: ${reasons[one.reason]}</li>`)
    .join('')
  const notes = incident.notes.map((one) => `<p>${escapeHtml(one.name)}: ${escapeHtml(one.content)}</p>`).join('')
  const by = incident.acknowledgedBy ? ` by ${escapeHtml(incident.acknowledgedBy)}` : ''
  return `<article><h2>#${incident.number} ${escapeHtml(incident.title)}</h2>
<p>${marks[incident.status]}${by} <span class="soft">· ${escapeHtml(incident.severity)} · ${time(incident.createdAt)} · ${escapeHtml(incident.key)}</span></p><ol>${pages}</ol>${notes}</article>`
}

const time = (iso: string) =>
  `<time datetime="${escapeHtml(iso)}">${escapeHtml(iso.slice(0, 19).replace('T', ' '))} UTC</time>`
