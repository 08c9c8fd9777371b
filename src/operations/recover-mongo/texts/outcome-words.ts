import type { OutcomeRow } from '../../../store/types.ts'
import { listed } from '../../../texts/amounts.ts'
import { dataIn, listIn, numberIn, textIn, textsIn, timeIn } from '../../../texts/data.ts'
import { code, type Mrkdwn, mrkdwn, time } from '../../../texts/escape.ts'
import type { Look } from '../../../texts/language.ts'
import type { NextAction, OutcomeWords } from '../../../texts/presentation.ts'
import { count, textsFor as sharedTexts, short } from '../../recover-postgres/texts/pieces.ts'
import { codes, textsFor } from './pieces.ts'

type Detail = OutcomeRow['detail']
type Told = { readonly outcome: OutcomeRow; readonly params: unknown; readonly plan: unknown }

export function outcomeWords({ outcome, params, plan }: Told, look: Look): OutcomeWords {
  const words = textsFor(look)
  const { detail, reason } = outcome
  const name = mrkdwn`${textIn(detail, 'name') || textIn(plan, 'name') || textIn(params, 'database')}`
  if (detail['swapped'] === true) {
    const at = timeIn(detail, 'dataAt')
    const headline =
      outcome.kind === 'failed'
        ? words.unhealthy(name)
        : reason === 'swapped_back'
          ? words.swappedBack(name, mrkdwn`${textIn(detail, 'backTo')}`)
          : words.restored(name, at === undefined ? mrkdwn`—` : time(at, 'date'))
    const undo: NextAction = { kind: 'undo', label: words.undoLabel, confirm: words.undoConfirm }
    return { headline, lines: swappedLines(detail, look), next: [undo] }
  }
  if (reason === 'copied') return { headline: words.copied(name), lines: copyLines(detail, look), next: [] }
  const known = Object.entries(words.reasons).find(([key]) => key === reason)?.[1] ?? code(reason)
  const headline = reason === 'taken_back' ? words.takenBack(name) : words.notRestored(name, known)
  return { headline, lines: refusedLines(outcome, look), next: nextOf(reason, look) }
}

function swappedLines(detail: Detail, look: Look): readonly Mrkdwn[] {
  const words = textsFor(look)
  const ms = numberIn(detail, 'ms') ?? 0
  const lost = numberIn(detail, 'lostDocuments') ?? 0
  const kept = dataIn(detail, 'kept')
  const until = timeIn(kept, 'dropAfter')
  const checks = listIn(detail, 'checks')
  const bad = checks.filter((each) => !isOk(each))
  const named = (each: unknown) => {
    const name = textIn(each, 'name')
    const own = Object.entries(words.own).find(([key]) => key === name)?.[1] ?? name
    const more = isOk(each) ? '' : textIn(each, 'detail')
    return mrkdwn`${short(own, 60)}${more === '' ? '' : ` (${short(more, 160)})`}`
  }
  return [
    ms === 0 ? words.exchangedCrash : words.exchanged(`${ms} ms`, numberIn(detail, 'collections') ?? 0),
    ...(lost === 0 ? [] : [words.lostThen(count(lost, look), lost === 1)]),
    ...lateLines(detail, look),
    ...(bad.length > 0
      ? [words.failing(listed(bad.map(named), look, 6))]
      : checks.length === 0
        ? []
        : [words.passed(listed(checks.map(named), look, 6))]),
    ...(until === undefined
      ? []
      : [words.keptAs(code(`__old${Number(textIn(kept, 'run').slice(2))}__…`), time(until, 'date'))]),
  ]
}

const isOk = (check: unknown): boolean =>
  typeof check === 'object' && check !== null && 'ok' in check && check.ok === true

/** Writes that arrived between two renames: where they are now. */
function lateLines(detail: Detail, look: Look): readonly Mrkdwn[] {
  const words = textsFor(look)
  const late = listIn(detail, 'late')
  const sum = (name: string) => late.reduce<number>((all, each) => all + (numberIn(each, name) ?? 0), 0)
  const beside = late
    .filter((each) => (numberIn(each, 'onlyBeside') ?? 0) > 0)
    .map((each) => textIn(each, 'collection'))
  return [
    ...(sum('inUse') === 0 ? [] : [words.late(count(sum('inUse'), look))]),
    ...(beside.length === 0 ? [] : [words.lateBeside(count(sum('onlyBeside'), look), codes(beside, look))]),
  ]
}

function copyLines(detail: Detail, look: Look): readonly Mrkdwn[] {
  const copy = dataIn(detail, 'copy')
  const until = timeIn(copy, 'dropAfter')
  return until === undefined ? [] : [textsFor(look).copyAs(code(textIn(copy, 'name')), time(until, 'date'))]
}

function refusedLines({ detail, reason }: OutcomeRow, look: Look): readonly Mrkdwn[] {
  const words = textsFor(look)
  const why = Object.entries(sharedTexts(look).why).find(([key]) => key === textIn(detail, 'why'))?.[1]
  const says = [textIn(detail, 'says'), textIn(detail, 'message'), why === undefined ? textIn(detail, 'why') : '']
  const roles = listIn(detail, 'missing').map((each) => textIn(each, 'role'))
  const blocks = listIn(detail, 'blocks').map((block) => textIn(block, 'detail') || textIn(block, 'reason'))
  const wrong = listIn(detail, 'checks').map((check) => `${textIn(check, 'name')}: ${textIn(check, 'detail')}`)
  const [before, now] = [numberIn(detail, 'before'), numberIn(detail, 'now')]
  const some = (list: readonly string[], line: (list: Mrkdwn) => Mrkdwn) =>
    list.length === 0 ? [] : [line(codes(list, look))]
  return [
    // Nobody knows how far it got: that is told by the reason itself.
    ...(reason === 'act_unknown' ? [] : [words.nothingChanged]),
    ...(why === undefined ? [] : [words.reachWhy(mrkdwn`${why}`)]),
    ...says.filter((text) => text !== '').map((text) => words.says(mrkdwn`${short(text, 300)}`)),
    ...some(roles, words.roles),
    ...some(blocks, words.failing),
    ...some(wrong, words.failing),
    ...some([...textsIn(detail, 'who'), ...textsIn(detail, 'collections')], words.about),
    ...some(textsIn(detail, 'back'), words.besideNow),
    ...some(textsIn(detail, 'available'), words.available),
    ...(before === undefined || now === undefined ? [] : [words.grew(count(before, look), count(now, look))]),
  ]
}

const anotherPoint = [
  'bad_backup',
  'not_judged',
  'blocked',
  'no_such_point',
  'not_equal',
  'restore_failed',
  'time_series',
  'names_refused',
  'server_lacks',
  'server_refuses',
]

function nextOf(reason: string, look: Look): readonly NextAction[] {
  const words = textsFor(look)
  if (reason === 'kept_gone' || reason === 'sharded') return []
  if (anotherPoint.includes(reason)) return [{ kind: 'other', label: words.other }]
  return [{ kind: 'again', label: words.again }]
}
