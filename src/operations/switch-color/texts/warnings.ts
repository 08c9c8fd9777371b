import { listed } from '../../../texts/amounts.ts'
import { type Data, numberIn, textIn, textsIn, timeIn } from '../../../texts/data.ts'
import { bold, code, type Mrkdwn, mrkdwn, nothing } from '../../../texts/escape.ts'
import type { Look } from '../../../texts/language.ts'
import { short, whenOf } from '../../rollback/texts/pieces.ts'
import { type WarningCode, warningCodes } from '../types.ts'
import { textsFor } from './pieces.ts'

/** What makes switching itself dangerous, not merely less sure. */
const serious: readonly WarningCode[] = [
  'failed_before',
  'target_partial',
  'target_mixed',
  'irreversible_migration',
  'gitops',
]

const tools = new Map([
  ['argocd', 'Argo CD'],
  ['flux', 'Flux'],
  ['helm', 'Helm'],
])

export function warningOf(
  warning: { readonly code: string; readonly data: Data },
  look: Look,
): { readonly text: Mrkdwn; readonly serious: boolean } {
  const known = warningCodes.find((each) => each === warning.code)
  if (known === undefined) return { text: code(warning.code), serious: true }
  const { data } = warning
  const at = timeIn(data, 'at')
  const tool = textIn(data, 'tool')
  const text = textsFor(look).warnings[known]({
    color: bold(textIn(data, 'color')),
    ready: numberIn(data, 'ready') ?? 0,
    of: numberIn(data, 'desired') ?? numberIn(data, 'live') ?? 0,
    run: mrkdwn`${textIn(data, 'run')}`,
    by: mrkdwn`${textIn(data, 'by')}`,
    at: at === undefined ? nothing : whenOf(at, look),
    tool: mrkdwn`${tools.get(tool) ?? tool}`,
    name: code(short(textIn(data, 'name'), 80)),
    says: mrkdwn`“${short(textIn(data, 'says'), 120)}”`,
    list: listed(textsIn(data, 'checks').map(code), look),
  })
  return { text, serious: serious.includes(known) }
}
