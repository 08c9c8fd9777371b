import type { OutcomeRow } from '../../../store/types.ts'
import { listed } from '../../../texts/amounts.ts'
import { dataIn, listIn, numberIn, textIn, timeIn } from '../../../texts/data.ts'
import { code, join, type Mrkdwn, mrkdwn } from '../../../texts/escape.ts'
import { inLanguage, type Look } from '../../../texts/language.ts'
import type { NextAction, OutcomeWords } from '../../../texts/presentation.ts'
import { emergencyWords } from '../../../texts/words/emergency.ts'
import { wasOf } from '../params.ts'
import { outcomeReasons } from '../types.ts'
import { askedFor } from './asked.ts'
import type { OutcomePieces } from './en.ts'
import { whoIs } from './managers.ts'
import { movedLines } from './moved-words.ts'
import { imagesOf, short, textsFor, troublesOf, whenOf } from './pieces.ts'
import { problemsIn, revisionIn, type ShownRevision } from './read.ts'

type Detail = OutcomeRow['detail']

export function outcomeWords(
  told: { readonly outcome: OutcomeRow; readonly params: unknown; readonly plan: unknown },
  look: Look,
): OutcomeWords {
  const { outcome, params } = told
  const words = textsFor(look)
  const pieces = piecesOf(outcome.detail, params, look)
  const failed = outcomeReasons.failed.find((reason) => reason === outcome.reason)
  if (outcome.kind === 'failed' && failed !== undefined)
    return {
      headline: words.failures[failed](pieces),
      lines: failedLines(outcome.detail, look),
      next: nextOf(outcome.detail, look),
    }
  const known = [...outcomeReasons.verified, ...outcomeReasons.nothing_to_do, ...outcomeReasons.refused].find(
    (reason) => reason === outcome.reason,
  )
  const headline = known === undefined ? mrkdwn`${pieces.app}: ${code(outcome.reason)}` : words.outcomes[known](pieces)
  if (outcome.kind === 'verified')
    return { headline, lines: verifiedLines(outcome.detail, look), next: [undo(outcome.detail, look)].flat() }
  return { headline, lines: refusedLines(outcome, params, look), next: refusedNext(outcome, look) }
}

function piecesOf(detail: Detail, params: unknown, look: Look): OutcomePieces {
  const from = revisionIn(detail['from'])
  const to = revisionIn(detail['to']) ?? revisionIn(detail['revision']) ?? revisionIn(detail['current'])
  const left = revisionIn(detail['wentBackFrom'])
  const by = textIn(detail, 'by') || textIn(dataIn(detail, 'pausedBy'), 'manager')
  const was = askedFor(params)
  const asked = was ?? (textIn(detail, 'asked') || textIn(params, 'toRevision') || textIn(params, 'toSource'))
  return {
    app: mrkdwn`${textIn(detail, 'app') || textIn(params, 'app')}`,
    from: String((left ?? from)?.revision ?? ''),
    to: to === undefined ? asked : String(to.revision),
    by: whoIs(by, look),
    asked,
  }
}

function verifiedLines(detail: Detail, look: Look): readonly Mrkdwn[] {
  const words = textsFor(look)
  const ready = numberIn(dataIn(detail, 'counts'), 'ready')
  const to = revisionIn(detail['to'])
  const is = numberIn(detail, 'revision')
  const checks = listIn(detail, 'health').map(
    (check) => mrkdwn`${textIn(check, 'name')} ${textIn(check, 'status')} (${textIn(check, 'ms')} ms)`,
  )
  return [
    ...(ready === undefined ? [] : [words.allReady(ready)]),
    ...(detail['resumed'] === true ? [words.resumed] : []),
    ...(checks.length === 0 ? [] : [words.healthPassed(listed(checks, look))]),
    ...(is === undefined || to === undefined || is === to.revision
      ? []
      : [words.newNumber(String(to.revision), String(is))]),
  ]
}

function failedLines(detail: Detail, look: Look): readonly Mrkdwn[] {
  const words = textsFor(look)
  const restored = detail['restored']
  if (restored === 'unknown') return [words.changeUnknown, ...said(detail, look)]
  const counts = dataIn(detail, 'counts')
  const [ready, desired, oldReady] = [
    numberIn(counts, 'ready'),
    numberIn(counts, 'desired'),
    numberIn(detail, 'oldReady') ?? 0,
  ]
  const to = revisionIn(detail['to'])
  const problems = problemsIn(detail['problems'])
  const troubles = problems.length === 0 ? undefined : join(troublesOf(problems, look), ', ')
  const broken = listIn(detail, 'health')
    .filter((check) => typeof check === 'object' && check !== null && 'ok' in check && check.ok === false)
    .map(
      (check) =>
        mrkdwn`${words.answers(textIn(check, 'name'), textIn(check, 'status') || textIn(check, 'reason') || words.noAnswer)}`,
    )
  const serving = oldReady > 0 ? words.stillServe(oldReady) : ready === 0 ? words.nothingServes : undefined
  return [
    ...(ready === undefined || desired === undefined
      ? []
      : [words.newPods(Math.max(0, ready - oldReady), desired, troubles)]),
    ...(problems.length === 0 ? said(detail, look) : []),
    ...(broken.length === 0 ? [] : [words.healthFailed(listed(broken, look))]),
    ...(serving === undefined ? [] : [serving]),
    ...(restored === true && to !== undefined ? [words.leftAs(String(to.revision))] : []),
    ...(restored === false && textIn(detail, 'by') === '' ? [words.nothingChanged] : []),
  ]
}

function refusedLines(outcome: OutcomeRow, params: unknown, look: Look): readonly Mrkdwn[] {
  const words = textsFor(look)
  const { detail, reason } = outcome
  // What failed once comes last and says so: the first one is what a tired person takes.
  const names = listIn(detail, 'available')
    .flatMap((each) => revisionIn(each) ?? [])
    .toSorted((a, b) => Number(a.failedBefore !== undefined) - Number(b.failedBefore !== undefined))
  const list = listed(
    names.map((each) => {
      const images = imagesOf(each, look)
      return each.failedBefore === undefined
        ? mrkdwn`${each.revision} (${images})`
        : mrkdwn`${each.revision} (${images}, ${words.failedOnce})`
    }),
    look,
    8,
  )
  const at = timeIn(detail, 'at')
  const about: Record<string, readonly (Mrkdwn | undefined)[]> = {
    unknown_revision: [
      askedFor(params) === undefined ? undefined : words.notKept,
      names.length === 0 ? words.noneAvailable : words.available(list),
    ],
    no_history: [words.noneAvailable],
    no_safe_revision: [words.nameOne(list)],
    just_rolled_back: [
      words.alreadyBack(at === undefined ? undefined : whenOf(at, look)),
      names.length === 0 ? undefined : words.nameOne(list),
    ],
    paused: [
      words.resume(code(`kubectl rollout resume ${workloadOf(detail)}`)),
      words.orEmergency(
        code(
          `/rollback ${textIn(detail, 'app')} ${look.language === 'es' ? 'emergencia motivo' : 'emergency reason'} …`,
        ),
      ),
    ],
    world_moved: movedLines(detail, look),
    forbidden: [words.missingRight(textIn(detail, 'verb'), code(textIn(detail, 'resource'))), ...said(detail, look)],
  }
  const lines = ((Object.hasOwn(about, reason) ? about[reason] : undefined) ?? said(detail, look)).filter(
    (line) => line !== undefined,
  )
  return outcome.kind === 'failed' ? lines : [...lines, words.nothingChanged]
}

function workloadOf(detail: Detail): string {
  const workload = dataIn(detail, 'workload')
  return `-n ${textIn(workload, 'namespace')} ${textIn(workload, 'kind')}/${textIn(workload, 'name')}`
}

function said(detail: Detail, look: Look): readonly Mrkdwn[] {
  const message = textIn(detail, 'message')
  const why = textIn(detail, 'why')
  const text = join(
    [why === '' ? undefined : code(why), message === '' ? undefined : mrkdwn`“${short(message, 300)}”`],
    ', ',
  )
  return why === '' && message === '' ? [] : [textsFor(look).clusterSays(text)]
}

function undo(detail: Detail, look: Look): readonly NextAction[] {
  const words = textsFor(look)
  const from = revisionIn(detail['from'])
  if (detail['restored'] !== true || from === undefined || from.source === '') return []
  const { undoTitle, undoText, undoConfirm, deny } = words.confirm
  const confirm = {
    title: undoTitle(textIn(detail, 'app'), String(from.revision)),
    text: undoText,
    confirm: undoConfirm,
    deny,
  }
  return [{ kind: 'undo', label: words.undoLabel(String(from.revision)), confirm }]
}

function nextOf(detail: Detail, look: Look): readonly NextAction[] {
  const words = textsFor(look)
  const best: ShownRevision | undefined = listIn(detail, 'alternatives').flatMap((each) => revisionIn(each) ?? [])[0]
  return [
    ...(best === undefined || best.source === ''
      ? []
      : [
          {
            kind: 'request' as const,
            label: words.alternativeLabel(String(best.revision)),
            request: {
              operation: 'rollback',
              params: { app: textIn(detail, 'app'), toSource: best.source, was: wasOf(best) },
            },
          },
        ]),
    { kind: 'other', label: words.otherLabel },
    ...undo(detail, look),
  ]
}

function refusedNext(outcome: OutcomeRow, look: Look): readonly NextAction[] {
  const words = textsFor(look)
  if (outcome.kind === 'nothing_to_do') return [{ kind: 'other', label: words.otherLabel }]
  if (outcome.reason === 'paused')
    return [{ kind: 'emergency', label: inLanguage(emergencyWords, look).button, app: textIn(outcome.detail, 'app') }]
  if (outcome.reason === 'world_moved' || outcome.reason === 'cluster_away')
    return [{ kind: 'again', label: words.againLabel }]
  if (['unknown_revision', 'no_safe_revision', 'just_rolled_back'].includes(outcome.reason))
    return [{ kind: 'other', label: words.otherLabel }]
  return []
}
