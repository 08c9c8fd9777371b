import type { AuditEntry, OutcomeRow } from '../../store/types.ts'
import { cutPlain } from '../clean.ts'
import { dataIn, textIn, textsIn } from '../data.ts'
import { cut, type Mrkdwn, mrkdwn, textOf } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { operationPresentations, operationTexts } from '../operation-texts.ts'
import { commonWords } from '../words/common.ts'
import { rescueWords } from '../words/rescue.ts'

/** What tells most about an entry, in words where an operation or the bot has any for its codes. */
export function auditDetail(entry: AuditEntry, look: Look): Mrkdwn | undefined {
  const { data, kind } = entry
  if (kind === 'decision') return undefined
  if (kind === 'request') return cut(operationTexts(textIn(data, 'operation')).asked(dataIn(data, 'params'), look), 160)
  if (kind === 'step') return shown([stepName(textIn(data, 'step'), look)])
  if (kind === 'outcome') return outcomeOf(entry, look)
  if (kind === 'denied') return shown(deniedOf(entry, look))
  if (kind === 'reviewed') {
    const verdict = textIn(data, 'verdict')
    return shown([wordFor(inLanguage(rescueWords, look).auditVerdicts, verdict) ?? verdict, textIn(data, 'remark')])
  }
  const keys = ['reason', 'operation', 'problem', 'why', 'incident']
  return shown([...keys.map((key) => textIn(data, key)), ...textsIn(data, 'items').slice(0, 3)])
}

/** The word of a code; never one that every object has. */
export function wordFor(words: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(words, key) ? words[key] : undefined
}

function shown(pieces: readonly string[]): Mrkdwn | undefined {
  const told = pieces.filter((piece) => piece !== '').join(', ')
  return told === '' ? undefined : mrkdwn`${cutPlain(told, 120)}`
}

/** An entry names a step without its operation: the first that has a word for it. */
function stepName(step: string, look: Look): string {
  const names = Object.values(operationPresentations).map((texts) => texts.step(step, look))
  return names.find((name) => name !== step) ?? step
}

const kinds: readonly OutcomeRow['kind'][] = ['verified', 'nothing_to_do', 'failed', 'refused', 'not_approved']

function outcomeOf({ data }: AuditEntry, look: Look): Mrkdwn | undefined {
  const reason = textIn(data, 'reason')
  const common = wordFor(inLanguage(rescueWords, look).auditEnds, reason)
  if (common !== undefined) return mrkdwn`${common}`
  const kind = kinds.find((known) => known === textIn(data, 'kind'))
  const detail = dataIn(data, 'detail')
  if (kind === undefined || textIn(detail, 'app') === '') return shown([reason])
  const outcome = { kind, reason, detail }
  const told = Object.values(operationPresentations)
    .map((texts) => texts.outcome({ outcome, params: {}, plan: undefined }, look).headline)
    .find((headline) => !textOf(headline).includes(reason))
  return told === undefined ? shown([reason]) : cut(told, 200)
}

function deniedOf({ data }: AuditEntry, look: Look): readonly string[] {
  const words = inLanguage(rescueWords, look)
  const why = textIn(data, 'why')
  const needed = textIn(data, 'needed')
  const role = wordFor(inLanguage(commonWords, look).roles, needed) ?? needed
  return [
    textIn(data, 'operation'),
    wordFor(words.auditDenied, why) ?? why,
    needed === '' ? '' : words.auditNeeds(role),
  ]
}
