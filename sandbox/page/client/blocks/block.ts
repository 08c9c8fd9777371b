import { ControlView, ownName } from '../controls/control.ts'
import { Markdown } from '../format/markdown-view.ts'
import { plain, TextObject } from '../format/mrkdwn-view.ts'
import { linkTo } from '../format/parts.ts'
import { RichText } from '../format/rich-text-view.ts'
import { type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { words } from '../state/session.ts'
import type { Host } from '../state/values.ts'
import { Input } from './input.ts'
import { Table } from './table.ts'
import { Plan, TaskCard } from './tasks.ts'
import type { Block, Control, RichElement, Task, Text } from './types.ts'

export type BlockProps = { readonly host: Host; readonly block: Block }

const textOf = (text: Text | string | undefined) => (typeof text === 'string' ? text : (text?.text ?? ''))

const control = ({ host, block }: BlockProps, one: Control): Drawn =>
  html`<${ControlView} key=${one.action_id} host=${host} block=${block} control=${one} label=${ownName(one)} />`

function Section({ host, block }: BlockProps): Drawn {
  return html`<div class="block-section">
    <div class="section-words">
      ${block.text && html`<${TextObject} text=${block.text} />`}
      ${block.fields && html`<div class="section-fields">${block.fields.map((field) => html`<div><${TextObject} text=${field} /></div>`)}</div>`}
    </div>
    ${block.accessory && html`<div class="section-accessory">${control({ host, block }, block.accessory)}</div>`}
  </div>`
}

function Context({ block }: BlockProps): Drawn {
  const elements = (block.elements ?? []) as ({ type: string } & Omit<Control, 'text' | 'type'> & { text?: string })[]
  return html`<div class="block-context">${elements.map((one) =>
    one.type === 'image'
      ? html`<img src=${one.image_url} alt=${one.alt_text ?? ''} />`
      : html`<${TextObject} text=${one} />`,
  )}</div>`
}

function Picture({ block }: BlockProps): Drawn {
  const title = textOf(block.title)
  return html`<figure class="block-image">${title && html`<figcaption>${plain(title)}</figcaption>`}<img src=${block.image_url} alt=${block.alt_text ?? ''} loading="lazy" /></figure>`
}

/** No foreign player in the page: a video is its title, as a link. */
function Video({ block }: BlockProps): Drawn {
  const title = plain(textOf(block.title))
  const description = plain(textOf(block.description))
  return html`<div class="attachment"><p class="attachment-title">${block.title_url ? linkTo(block.title_url, title) : title}</p>${description && html`<p>${description}</p>`}</div>`
}

function Alert({ block }: BlockProps): Drawn {
  const level = (block.level ?? 'default') as keyof typeof words.value.alertLevels
  const name = words.value.alertLevels[level] ?? words.value.alertLevels.default
  return html`<div class="block-alert alert-${level}" role="note">
    <span class="alert-word"><${Icon} name=${level === 'success' ? 'check' : 'alert'} />${name}</span>
    <div>${block.text && html`<${TextObject} text=${block.text} />`}</div>
  </div>`
}

const inModal = (host: Host) => host.kind === 'view' && host.view.type === 'modal'

const taskOf = (block: Block): Task => ({
  type: 'task_card',
  task_id: block.task_id ?? '',
  title: textOf(block.title),
  status: block.status ?? 'pending',
  ...(block.details && { details: block.details }),
  ...(block.output && { output: block.output }),
})

const drawings: Readonly<Record<string, (props: BlockProps) => Drawn>> = {
  header: ({ host, block }) =>
    html`<div class="block-header" role="heading" aria-level=${inModal(host) ? 3 : 2}>${plain(textOf(block.text))}</div>`,
  section: Section,
  context: Context,
  divider: () => html`<hr />`,
  actions: (props) =>
    html`<div class="block-actions">${((props.block.elements ?? []) as Control[]).map((one) => control(props, one))}</div>`,
  context_actions: (props) =>
    html`<div class="block-actions">${((props.block.elements ?? []) as Control[]).map((one) => control(props, one))}</div>`,
  image: Picture,
  rich_text: ({ block }) => html`<${RichText} elements=${block.elements as RichElement[]} />`,
  markdown: ({ block }) => html`<${Markdown} text=${textOf(block.text)} />`,
  table: ({ block }) => html`<${Table} block=${block} />`,
  plan: ({ block }) => html`<${Plan} block=${block} />`,
  task_card: ({ block }) => html`<${TaskCard} task=${taskOf(block)} />`,
  alert: Alert,
  video: Video,
  input: ({ host, block }) => html`<${Input} host=${host} block=${block} />`,
}

/** The blocks of a message or a view; a kind that is not known here draws nothing. */
export function Blocks({ host, blocks }: { host: Host; blocks: readonly Block[] }): Drawn {
  return html`<div class="blocks">${blocks.map((block, index) => {
    const draw = drawings[block.type]
    return draw && html`<${draw} key=${block.block_id ?? index} host=${host} block=${block} />`
  })}</div>`
}
