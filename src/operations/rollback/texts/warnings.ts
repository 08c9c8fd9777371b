import { listed, moment } from '../../../texts/amounts.ts'
import { type Data, numberIn, textIn, textsIn, timeIn } from '../../../texts/data.ts'
import { code, type Mrkdwn, mrkdwn } from '../../../texts/escape.ts'
import { shortImage } from '../../../texts/image.ts'
import type { Look } from '../../../texts/language.ts'
import { type WarningCode, warningCodes } from '../types.ts'
import type { WarningPieces } from './en.ts'
import { whoIs } from './managers.ts'
import { short, textsFor, whenOf } from './pieces.ts'

/** What makes going back itself dangerous, not merely less sure. */
const serious: readonly WarningCode[] = [
  'irreversible_migration',
  'config_missing',
  'failed_before',
  'target_failing_too',
  'gitops',
]

export function warningOf(
  warning: { readonly code: string; readonly data: Data },
  look: Look,
): { readonly text: Mrkdwn; readonly serious: boolean } {
  const known = warningCodes.find((each) => each === warning.code)
  if (known === undefined) return { text: code(warning.code), serious: true }
  return { text: textsFor(look).warnings[known](piecesOf(known, warning.data, look)), serious: serious.includes(known) }
}

const tools = new Map([
  ['argocd', 'Argo CD'],
  ['flux', 'Flux'],
  ['helm', 'Helm'],
])

function piecesOf(known: WarningCode, data: Data, look: Look): WarningPieces {
  const at = timeIn(data, 'changedAt') ?? timeIn(data, 'since') ?? timeIn(data, 'createdAt')
  const by = textIn(data, 'by')
  return {
    revision: textIn(data, 'afterRevision') || textIn(data, 'revision'),
    name: code(short(textIn(data, 'name') || textIn(data, 'seenIn'), 80)),
    what: whatOf(known, data, look),
    by: whoIs(by, look),
    at:
      at === undefined ? undefined : known === 'paused' || known === 'older_than' ? moment(at, look) : whenOf(at, look),
    count:
      numberIn(data, 'pods') ?? numberIn(data, 'days') ?? numberIn(data, 'partition') ?? numberIn(data, 'desired') ?? 0,
    from: numberIn(data, 'min') ?? 0,
    to: numberIn(data, 'max') ?? 0,
    list: listed(
      [...textsIn(data, 'images').map(shortImage), ...textsIn(data, 'revisions'), ...textsIn(data, 'what')].map(code),
      look,
    ),
  }
}

function whatOf(known: WarningCode, data: Data, look: Look): Mrkdwn {
  if (known === 'gitops') return mrkdwn`${tools.get(textIn(data, 'tool')) ?? textIn(data, 'tool')}`
  if (known === 'config_missing') return mrkdwn`${textIn(data, 'kind')}`
  if (known === 'irreversible_migration') return mrkdwn`“${short(textIn(data, 'says'), 120)}”`
  const reason = textIn(data, 'reason')
  // Kubernetes' own words stay as they are; ours are told in the reader's language.
  if (reason === 'rolled_back')
    return mrkdwn`${look.language === 'es' ? 'se volvió atrás desde ella' : 'it was rolled back'}`
  return code(short(reason || textIn(data, 'message'), 80))
}
