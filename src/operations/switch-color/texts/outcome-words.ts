import type { OutcomeRow } from '../../../store/types.ts'
import { dataIn, numberIn, textIn } from '../../../texts/data.ts'
import { bold, code, type Mrkdwn, mrkdwn } from '../../../texts/escape.ts'
import type { Look } from '../../../texts/language.ts'
import type { NextAction, OutcomeWords } from '../../../texts/presentation.ts'
import { short } from '../../rollback/texts/pieces.ts'
import { outcomeReasons } from '../types.ts'
import type { OutcomePieces } from './en.ts'
import { movedLines } from './moved-words.ts'
import { checksOf, type Detail, routeName, said, textsFor } from './pieces.ts'
import { checksIn, routeIn, sideIn } from './read.ts'
import { refusedLines } from './refused-words.ts'

export function outcomeWords(
  told: { readonly outcome: OutcomeRow; readonly params: unknown; readonly plan: unknown },
  look: Look,
): OutcomeWords {
  const { outcome, params } = told
  const words = textsFor(look)
  const pieces = piecesOf(outcome.detail, params)
  const failed = outcomeReasons.failed.find((reason) => reason === outcome.reason)
  if (outcome.kind === 'failed' && failed !== undefined)
    return {
      headline: words.failed[failed](pieces),
      lines: failedLines(outcome, look),
      next: failedNext(outcome, look),
    }
  const known = [...outcomeReasons.verified, ...outcomeReasons.nothing_to_do, ...outcomeReasons.refused].find(
    (reason) => reason === outcome.reason,
  )
  const headline = known === undefined ? mrkdwn`${pieces.app}: ${code(outcome.reason)}` : words.outcomes[known](pieces)
  if (outcome.kind === 'verified')
    return { headline, lines: verifiedLines(outcome.detail, look), next: undo(outcome.detail, look) }
  return { headline, lines: refusedLines(outcome, look), next: refusedNext(outcome, look) }
}

function piecesOf(detail: Detail, params: unknown): OutcomePieces {
  const [from, to] = [sideIn(detail['from']), sideIn(detail['to'])]
  const route = routeIn(detail['route'])
  const by = textIn(detail, 'by')
  return {
    app: mrkdwn`${textIn(detail, 'app') || textIn(params, 'app')}`,
    from: mrkdwn`${from?.color ?? ''}`,
    to: mrkdwn`${to?.color ?? textIn(params, 'to')}`,
    by: by === '' ? undefined : code(by),
    asked: code(short(textIn(detail, 'asked') || textIn(params, 'to'), 60)),
    route: route === undefined ? mrkdwn`` : routeName(route),
  }
}

function verifiedLines(detail: Detail, look: Look): readonly Mrkdwn[] {
  const words = textsFor(look)
  const ready = numberIn(dataIn(detail, 'reached'), 'ready')
  const checks = checksOf(checksIn(detail['health']), look)
  const from = sideIn(detail['from'])
  return [
    ...(ready === undefined ? [] : [words.reachedNow(ready)]),
    ...(checks === undefined ? [] : [words.healthPassed(checks)]),
    ...(from === undefined ? [] : [words.kept(bold(from.color))]),
  ]
}

function failedLines({ reason, detail }: OutcomeRow, look: Look): readonly Mrkdwn[] {
  const words = textsFor(look)
  if (detail['switched'] === 'unknown') return [words.changeUnknown, ...said(detail, look)]
  const [from, to] = [bold(sideIn(detail['from'])?.color ?? ''), bold(sideIn(detail['to'])?.color ?? '')]
  const why = textIn(detail, 'why')
  const checks = checksOf(
    checksIn(detail['health']).filter(({ ok }) => !ok),
    look,
  )
  const back =
    reason !== 'switched_back'
      ? []
      : detail['returned'] === true
        ? [words.backServes(from, numberIn(detail, 'serving') ?? 0)]
        : [words.backUnseen(from)]
  return [
    ...(why === 'endpoints' ? [words.endpointsFailed(to)] : []),
    ...(checks === undefined ? [] : [words.healthFailed(checks)]),
    ...back,
    ...movedLines(detail, look),
    ...said(detail, look),
    ...(detail['switched'] === true ? [words.staysOn(to)] : []),
    ...(detail['switched'] === false && (reason === 'cluster_away' || reason === 'cluster_refused')
      ? [words.nothingChanged]
      : []),
  ]
}

function undo(detail: Detail, look: Look): readonly NextAction[] {
  const words = textsFor(look)
  const from = sideIn(detail['from'])
  if (detail['switched'] !== true || from === undefined) return []
  const { undoTitle, undoText, undoConfirm, deny } = words.confirm
  const title = undoTitle(textIn(detail, 'app'), from.color)
  return [
    {
      kind: 'undo',
      label: words.undoLabel(from.color),
      confirm: { title, text: undoText, confirm: undoConfirm, deny },
    },
  ]
}

function failedNext({ reason, detail }: OutcomeRow, look: Look): readonly NextAction[] {
  const words = textsFor(look)
  const back = undo(detail, look)
  const again: NextAction = { kind: 'again', label: words.againLabel }
  if (reason === 'switched_back') return [{ kind: 'other', label: words.otherLabel }]
  return back.length > 0 ? [...back, { kind: 'other', label: words.otherLabel }] : [again]
}

/** A colour that is an app of its own can be rolled back: the one that serves, if it is broken; a card holds one such button. */
function mending(detail: Detail, look: Look): readonly NextAction[] {
  const words = textsFor(look)
  const [side] = [detail['from'], detail['to']]
    .flatMap((value) => sideIn(value) ?? [])
    .filter(({ app, desired, ready }) => app !== undefined && (desired === 0 || ready < desired))
  if (side?.app === undefined) return []
  const request = { operation: 'rollback', params: { app: side.app } }
  return [{ kind: 'request', label: words.mendLabel(side.app), request }]
}

function refusedNext({ kind, reason, detail }: OutcomeRow, look: Look): readonly NextAction[] {
  const words = textsFor(look)
  if (kind === 'nothing_to_do') return [{ kind: 'other', label: words.otherLabel }]
  const to = sideIn(detail['to'])
  const again: NextAction = { kind: 'again', label: words.againLabel }
  if (reason === 'just_switched' && to !== undefined) {
    const params = { app: textIn(detail, 'app'), to: to.color }
    return [{ kind: 'request', label: words.confirmLabel(to.color), request: { operation: 'switch-color', params } }]
  }
  if (reason === 'world_moved' || reason === 'cluster_away') return [again]
  const mendable = ['not_ready', 'scaled_to_zero', 'no_endpoints', 'both_broken', 'route_unclear', 'target_missing']
  return mendable.includes(reason) ? [...mending(detail, look), { kind: 'again', label: words.lookLabel }] : []
}
