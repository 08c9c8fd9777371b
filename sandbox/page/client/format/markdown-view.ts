import { type Drawn, html } from '../lib/html.ts'
import { decode } from './entities.ts'
import { type MdBlock, type MdInline, type MdItem, parseMarkdown } from './markdown.ts'
import { linkTo } from './parts.ts'

/** The Markdown of a `markdown` block. */
export const Markdown = ({ text }: { text: string }): Drawn =>
  html`<div class="mrkdwn markdown">${parseMarkdown(text).map(block)}</div>`

function block(one: MdBlock): Drawn {
  switch (one.kind) {
    case 'heading':
      return html`<p class="md-heading md-heading-${one.level}" role="heading" aria-level=${Math.min(one.level + 1, 6)}>${one.inner.map(span)}</p>`
    case 'paragraph':
      return html`<p>${one.inner.map(span)}</p>`
    case 'fence':
      return html`<pre class="fence"><code>${one.text}</code></pre>`
    case 'rule':
      return html`<hr />`
    case 'quote':
      return html`<blockquote>${one.blocks.map(block)}</blockquote>`
    case 'list':
      return one.ordered
        ? html`<ol start=${one.start}>${one.items.map(item)}</ol>`
        : html`<ul>${one.items.map(item)}</ul>`
    case 'table':
      return html`<div class="table-scroll"><table>
        <thead><tr>${one.head.map((cell) => html`<th scope="col">${cell.map(span)}</th>`)}</tr></thead>
        <tbody>${one.rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell.map(span)}</td>`)}</tr>`)}</tbody>
      </table></div>`
  }
}

function item({ checked, blocks }: MdItem): Drawn {
  const box =
    checked === undefined
      ? null
      : html`<span class="md-task" role="img" aria-label=${checked ? '✓' : '○'}>${checked ? '☑' : '☐'}</span> `
  return html`<li>${box}${blocks.map((one) => (one.kind === 'paragraph' ? one.inner.map(span) : block(one)))}</li>`
}

function span(one: MdInline): Drawn {
  switch (one.kind) {
    case 'text':
      return decode(one.text)
    case 'code':
      return html`<code>${decode(one.text)}</code>`
    case 'bold':
      return html`<strong>${one.inner.map(span)}</strong>`
    case 'italic':
      return html`<em>${one.inner.map(span)}</em>`
    case 'strike':
      return html`<s>${one.inner.map(span)}</s>`
    case 'link':
      return linkTo(one.url, one.inner.map(span))
    case 'break':
      return html`<br />`
  }
}
