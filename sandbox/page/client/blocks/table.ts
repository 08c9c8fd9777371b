import { plain } from '../format/mrkdwn-view.ts'
import { RichText } from '../format/rich-text-view.ts'
import { type Drawn, html } from '../lib/html.ts'
import type { Block, Cell } from './types.ts'

const content = (cell: Cell): Drawn =>
  cell.type === 'rich_text'
    ? html`<${RichText} elements=${cell.elements} />`
    : plain(cell.text ?? String(cell.value ?? ''))

/** The first row is the head, as Slack draws it. */
export function Table({ block }: { block: Block }): Drawn {
  const [head = [], ...rows] = block.rows ?? []
  const look = (index: number) => {
    const settings = block.column_settings?.[index]
    return `cell-${settings?.align ?? 'left'} ${settings?.is_wrapped ? 'cell-wrapped' : ''}`
  }
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${head.map((cell) => cell.text ?? '').join(', ')}><table>
    <thead><tr>${head.map((cell, index) => html`<th scope="col" class=${look(index)}>${content(cell)}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${row.map((cell, index) => html`<td class=${look(index)}>${content(cell)}</td>`)}</tr>`)}</tbody>
  </table></div>`
}
