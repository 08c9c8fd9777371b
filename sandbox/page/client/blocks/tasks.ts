import { plain } from '../format/mrkdwn-view.ts'
import { linkTo } from '../format/parts.ts'
import { RichText } from '../format/rich-text-view.ts'
import { type Drawn, html } from '../lib/html.ts'
import { words } from '../state/session.ts'
import type { Block, Task } from './types.ts'

/** Status is a shape and a word; the colour only repeats it. */
const shapes = {
  pending: html`<circle cx="10" cy="10" r="6" />`,
  in_progress: html`<circle class="task-track" cx="10" cy="10" r="6" /><path class="task-turning" d="M10 4a6 6 0 0 1 6 6" />`,
  complete: html`<path class="task-solid" d="M10 3a7 7 0 1 1 0 14a7 7 0 0 1 0-14z" /><path class="task-cut" d="M6.8 10.2l2.2 2.2 4.3-4.6" />`,
  error: html`<path class="task-solid" d="M7 3h6l4 4v6l-4 4H7l-4-4V7z" /><path class="task-cut" d="M7.5 7.5l5 5M12.5 7.5l-5 5" />`,
} as const

const Status = ({ status }: { status: Task['status'] }): Drawn =>
  html`<span class="task-status task-${status}"><svg viewBox="0 0 20 20" aria-hidden="true">${shapes[status] ?? shapes.pending}</svg></span>`

/** One task; what it has to tell opens below it. */
export function TaskCard({ task }: { task: Task }): Drawn {
  const word = words.value.taskStatus[task.status] ?? task.status
  const head = html`<${Status} status=${task.status} /><span class="task-title">${plain(task.title)}</span><span class="task-word">${word}</span>`
  if (!task.details && !task.output && !task.sources?.length)
    return html`<div class="task"><div class="task-head">${head}</div></div>`
  return html`<details class="task" open=${task.status === 'error' || task.status === 'in_progress'}>
    <summary class="task-head">${head}</summary>
    <div class="task-body">
      ${task.details && html`<${RichText} elements=${task.details.elements} />`}
      ${task.output && html`<div class="task-output"><${RichText} elements=${task.output.elements} /></div>`}
      ${task.sources?.length ? html`<p class="task-sources">${task.sources.map((source) => html`<span>${linkTo(source.url, source.text)}</span>`)}</p>` : null}
    </div>
  </details>`
}

/** A plan: its title, how far it is, and its tasks in order. */
export function Plan({ block }: { block: Block }): Drawn {
  const tasks = block.tasks ?? []
  const done = tasks.filter((task) => task.status === 'complete').length
  const title = typeof block.title === 'string' ? block.title : (block.title?.text ?? '')
  return html`<div class="plan" role="group" aria-label=${plain(title)}>
    <div class="plan-head"><span class="plan-title">${plain(title)}</span><span class="plan-count">${words.value.planDone(done, tasks.length)}</span></div>
    <div class="plan-tasks" role="list">${tasks.map((task) => html`<div role="listitem" key=${task.task_id}><${TaskCard} task=${task} /></div>`)}</div>
  </div>`
}
