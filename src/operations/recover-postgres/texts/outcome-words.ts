import type { OutcomeRow } from '../../../store/types.ts'
import { listed } from '../../../texts/amounts.ts'
import { dataIn, listIn, numberIn, textIn, textsIn, timeIn } from '../../../texts/data.ts'
import { code, type Mrkdwn, mrkdwn, time } from '../../../texts/escape.ts'
import type { Look } from '../../../texts/language.ts'
import type { NextAction, OutcomeWords } from '../../../texts/presentation.ts'
import { count, short, textsFor } from './pieces.ts'
import { scopeName, tableTexts } from './tables-words.ts'

type Detail = OutcomeRow['detail']
type Told = { readonly outcome: OutcomeRow; readonly params: unknown; readonly plan: unknown }

export function outcomeWords({ outcome, params, plan }: Told, look: Look): OutcomeWords {
  const words = textsFor(look)
  const { detail, reason } = outcome
  const database = mrkdwn`${textIn(detail, 'name') || textIn(plan, 'name') || textIn(params, 'database')}`
  const scope = scopeIn(detail) ?? scopeIn(dataIn({ params }, 'params'))
  const name = scope === undefined ? database : mrkdwn`${database}, ${scopeName(scope, look)}`
  const undo: NextAction = { kind: 'undo', label: words.undoLabel, confirm: words.undoConfirm }
  if (detail['swapped'] === true) {
    const failed = outcome.kind === 'failed'
    const headline = failed
      ? words.unhealthy(name)
      : reason === 'swapped_back'
        ? words.swappedBack(name, mrkdwn`${textIn(detail, 'backTo')}`)
        : words.restored(name, stateAt(detail))
    return {
      headline,
      lines: swappedLines(detail, look),
      next: dataIn(detail, 'kept')['name'] === undefined ? [] : [undo],
    }
  }
  if (reason === 'copied') return { headline: words.copied(name), lines: copyLines(detail, look), next: [] }
  const known = Object.entries(words.reasons).find(([key]) => key === reason)?.[1] ?? code(reason)
  return { headline: words.notRestored(name, known), lines: refusedLines(outcome, look), next: nextOf(reason, look) }
}

function scopeIn(data: Readonly<Record<string, unknown>>) {
  const scope = dataIn(data, 'scope')
  const [kind, name] = [textIn(scope, 'kind'), textIn(scope, 'name')]
  return name === '' ? undefined : { kind, name }
}

function stateAt(detail: Detail): Mrkdwn {
  const at = timeIn(detail, 'dataAt')
  return at === undefined ? mrkdwn`—` : time(at, 'date')
}

function swappedLines(detail: Detail, look: Look): readonly Mrkdwn[] {
  const words = textsFor(look)
  const ms = numberIn(detail, 'ms') ?? 0
  const alone = scopeIn(detail) !== undefined
  const how = (took: string) =>
    alone ? tableTexts(look).replacedIn(took) : words.exchanged(took, numberIn(detail, 'sessions') ?? 0)
  const broken = textsIn(detail, 'broken')
  const lost = numberIn(detail, 'lostRows') ?? 0
  const kept = dataIn(detail, 'kept')
  const until = timeIn(kept, 'dropAfter')
  const checks = [...listIn(detail, 'checks'), ...listIn(detail, 'answers')]
  const bad = checks.filter((check) => dataOk(check) === false)
  const names = (list: readonly unknown[]) =>
    listed(
      list.map((check) => mrkdwn`${short(textIn(check, 'name'), 40)}`),
      look,
      6,
    )
  return [
    ms === 0 ? words.exchangedCrash : how(`${ms} ms`),
    ...(broken.length === 0
      ? []
      : [
          tableTexts(look).stillBroken(
            listed(
              broken.map((each) => code(short(each, 80))),
              look,
              6,
            ),
          ),
        ]),
    ...(lost === 0 ? [] : [words.lostThen(count(lost, look))]),
    ...(bad.length > 0 ? [words.failing(names(bad))] : checks.length === 0 ? [] : [words.passed(names(checks))]),
    ...(until === undefined ? [] : [words.keptAs(code(textIn(kept, 'name')), time(until, 'date'))]),
  ]
}

const dataOk = (check: unknown): unknown =>
  typeof check === 'object' && check !== null && 'ok' in check ? check.ok : undefined

function copyLines(detail: Detail, look: Look): readonly Mrkdwn[] {
  const kept = dataIn(detail, 'kept')
  const until = timeIn(kept, 'dropAfter')
  return until === undefined ? [] : [textsFor(look).copyAs(code(textIn(kept, 'name')), time(until, 'date'))]
}

function refusedLines({ detail }: OutcomeRow, look: Look): readonly Mrkdwn[] {
  const words = textsFor(look)
  const codes = (list: readonly string[]) =>
    listed(
      list.map((each) => code(short(each, 120))),
      look,
      6,
    )
  const why = Object.entries(words.why).find(([key]) => key === textIn(detail, 'why'))?.[1]
  const says = [textIn(detail, 'says'), textIn(detail, 'message'), why === undefined ? textIn(detail, 'why') : '']
  const grants = listIn(detail, 'missing')
    .map((each) => textIn(each, 'grant'))
    .filter((text) => text !== '')
  const lacking = textsIn(detail, 'missing')
  const blocks = listIn(detail, 'blocks').map((block) => textIn(block, 'detail') || textIn(block, 'reason'))
  const obstacles = listIn(detail, 'obstacles').map((each) => obstacleText(each, look))
  const differing = [...textsIn(detail, 'differing'), ...textsIn(detail, 'what')]
  const wrong = [...listIn(detail, 'checks'), ...listIn(detail, 'answers')].map((check) =>
    [textIn(check, 'name'), textIn(check, 'detail') || textIn(check, 'value')].filter((text) => text !== '').join(': '),
  )
  const [before, now] = [numberIn(detail, 'before'), numberIn(detail, 'now')]
  return [
    words.nothingChanged,
    ...(why === undefined ? [] : [words.reachWhy(mrkdwn`${why}`)]),
    ...says.filter((text) => text !== '').map((text) => words.says(mrkdwn`${short(text, 300)}`)),
    ...(grants.length === 0 ? [] : [words.grants(codes(grants))]),
    ...(lacking.length === 0 ? [] : [words.failing(codes(lacking))]),
    ...(blocks.length === 0 ? [] : [words.failing(codes(blocks))]),
    ...(obstacles.length === 0 ? [] : [words.failing(listed(obstacles, look, 6))]),
    ...(differing.length === 0 ? [] : [words.failing(codes(differing))]),
    ...(wrong.length === 0 ? [] : [words.failing(codes(wrong))]),
    ...(textsIn(detail, 'who').length === 0 ? [] : [words.held(codes(textsIn(detail, 'who')))]),
    ...(textsIn(detail, 'available').length === 0 ? [] : [words.available(codes(textsIn(detail, 'available')))]),
    ...(before === undefined || now === undefined ? [] : [words.grew(count(before, look), count(now, look))]),
    ...(textsIn(detail, 'tables').length === 0 ? [] : [words.newTables(codes(textsIn(detail, 'tables')))]),
  ]
}

function obstacleText(obstacle: unknown, look: Look): Mrkdwn {
  const why = Object.entries(tableTexts(look).obstacle).find(([key]) => key === textIn(obstacle, 'why'))?.[1] ?? ''
  return mrkdwn`${code(short(textIn(obstacle, 'table'), 60))} ${why} ${short(textIn(obstacle, 'what'), 200)}`
}

const anotherPoint = [
  'bad_backup',
  'not_judged',
  'blocked',
  'no_such_point',
  'not_equal',
  'checks_failed',
  'restore_failed',
]

function nextOf(reason: string, look: Look): readonly NextAction[] {
  const words = textsFor(look)
  const other: NextAction = { kind: 'other', label: words.other }
  const again: NextAction = { kind: 'again', label: words.again }
  if (reason === 'kept_gone') return []
  return anotherPoint.includes(reason) ? [other] : [again]
}
