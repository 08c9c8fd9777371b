import { ageOf, listed, roughly } from '../../../texts/amounts.ts'
import { code, isEmpty, join, type Mrkdwn, mrkdwn, time } from '../../../texts/escape.ts'
import type { Look } from '../../../texts/language.ts'
import type { PlanWords } from '../../../texts/presentation.ts'
import { count, short, size } from '../../recover-postgres/texts/pieces.ts'
import { codes, lossLines, onlyLiveLine, textsFor } from './pieces.ts'
import { readPlan, type ShownPlan } from './read.ts'

export function planWords(value: unknown, look: Look): PlanWords {
  const plan = readPlan(value)
  const words = textsFor(look)
  const lines = [backupLine, proofLine, lossLine, safetyLine, swapLine].map((line) => line(plan, look))
  const paragraphs = lines.filter((line) => !isEmpty(line))
  return {
    what: whatOf(plan, look),
    where: words.where(plan.environment),
    paragraphs,
    warnings: warningsOf(plan, look),
    takes: plan.prepared === undefined ? words.takesPreparing(roughly(plan.expectedSeconds, look)) : words.takes,
    confirmLabel: words.confirmLabel[plan.kind],
    confirm: {
      title: words.confirm.title[plan.kind],
      text:
        plan.kind === 'backup' && plan.live.kind === 'empty'
          ? words.confirm.text.empty(plan.name)
          : words.confirm.text[plan.kind](plan.name, lostShort(plan, look)),
      confirm: words.confirmLabel[plan.kind],
      deny: words.confirm.deny,
    },
    dangerous: plan.kind !== 'copy',
    otherLabel: plan.kind === 'undo' ? undefined : words.otherLabel,
    whole: [...paragraphs, ...wholeLoss(plan, look)],
  }
}

function whatOf(plan: ShownPlan, look: Look): Mrkdwn {
  const words = textsFor(look)
  const name = mrkdwn`${plan.name}`
  if (plan.kind === 'undo') return words.askedBack(name, mrkdwn`${plan.backTo?.run ?? ''}`)
  if (plan.kind === 'copy') return words.askedCopy(name)
  return words.asked(name, plan.point === undefined ? undefined : mrkdwn`${short(plan.point.id, 80)}`)
}

function backupLine({ point, prepared }: ShownPlan, look: Look): Mrkdwn {
  const words = textsFor(look)
  const newest = prepared?.newest === undefined ? NaN : Date.parse(prepared.newest)
  return join(
    [
      point === undefined
        ? undefined
        : words.backup(code(short(point.id, 80)), ageOf(point.dataAt, look) ?? '—', size(point.sizeBytes, look)),
      prepared?.sha256 === undefined ? undefined : words.readWhole(code(prepared.sha256.slice(0, 12))),
      Number.isNaN(newest) ? undefined : words.newest(time(new Date(newest), 'date')),
    ],
    ' ',
  )
}

function proofLine({ prepared }: ShownPlan, look: Look): Mrkdwn {
  const words = textsFor(look)
  const proof = prepared?.proof
  if (proof === undefined) return mrkdwn``
  const named = (name: string, detail: string) =>
    Object.entries(words.checks).find(([key]) => key === name)?.[1](detail)
  const passed = proof.checks
    .filter(({ verdict }) => verdict === 'pass')
    .flatMap(({ name, detail }) => named(name, detail) ?? [])
  const unknown = proof.checks.flatMap(({ name, verdict, detail }) =>
    verdict === 'unknown' ? [mrkdwn`${named(name, detail) ?? name} (${short(detail, 60)})`] : [],
  )
  const list = passed.map((text) => mrkdwn`${text}`)
  return join(
    [
      words.proved(proof.collections, count(proof.documents, look), size(proof.bytes, look)),
      list.length === 0 ? undefined : words.alsoProved(listed(list, look)),
      unknown.length === 0 ? undefined : words.notVerified(listed(unknown, look)),
    ],
    ' ',
  )
}

function lossLine(plan: ShownPlan, look: Look): Mrkdwn {
  const words = textsFor(look)
  const { prepared, live } = plan
  if (plan.kind === 'copy') return mrkdwn``
  const views = prepared?.views.map(({ name }) => name) ?? []
  const lost =
    prepared?.loss !== undefined
      ? join(lossLines(prepared.loss, look), ' ')
      : prepared?.lossUnknown !== undefined
        ? words.lostUnknown(mrkdwn`${short(prepared.lossUnknown, 160)}`)
        : undefined
  const now =
    live.kind === 'empty'
      ? words.live.empty
      : live.kind === 'unreadable'
        ? words.live.unreadable(mrkdwn`${short(live.why ?? '', 160)}`)
        : undefined
  return join(
    [now, lost, onlyLiveLine(plan, look), views.length === 0 ? undefined : words.viewsChange(codes(views, look))],
    ' ',
  )
}

function safetyLine({ prepared, kind, live }: ShownPlan, look: Look): Mrkdwn {
  const words = textsFor(look)
  const safety = prepared?.safety
  if (prepared === undefined || kind === 'copy' || live.kind === 'empty') return mrkdwn``
  if (safety === undefined) return words.safetyNone
  if (safety.kind === 'taken') return words.safetyTaken(code(short(safety.point, 100)), size(safety.bytes, look))
  const why = Object.entries(words.safetyFaults).find(([key]) => key === safety.reason)?.[1] ?? safety.reason
  return words.safetyNot(safety.why === '' ? mrkdwn`${why}` : mrkdwn`${why} (“${short(safety.why, 160)}”)`)
}

function lostShort(plan: ShownPlan, look: Look): string {
  const { confirm } = textsFor(look)
  const loss = plan.prepared?.loss
  if (loss === undefined) return plan.live.kind === 'empty' ? confirm.lostNothing : confirm.lostUnknown
  if (loss.lostDocuments > 0) return confirm.lost(count(loss.lostDocuments, look))
  return loss.unknown.length > 0 ? confirm.lostUnknown : confirm.lostNothing
}

function swapLine(plan: ShownPlan, look: Look): Mrkdwn {
  const words = textsFor(look)
  const { prepared } = plan
  if (plan.kind === 'copy')
    return prepared === undefined ? mrkdwn`` : words.copyKept(code(prepared.beside?.database ?? ''))
  if (prepared === undefined) return mrkdwn``
  const names = plan.apps.map((app) => mrkdwn`${app}`)
  const apps = names.length === 0 ? undefined : listed(names, look)
  return join(
    [
      plan.appMode === 'scale' && apps !== undefined
        ? words.swapScale(apps)
        : words.swapKeep(apps, prepared.renames.length),
      plan.live.kind === 'empty' ? undefined : words.kept(`${plan.keepHours} h`),
    ],
    ' ',
  )
}

function warningsOf(plan: ShownPlan, look: Look): PlanWords['warnings'] {
  const words = textsFor(look)
  return (plan.prepared?.warnings ?? []).flatMap(({ reason }) => {
    const text = Object.entries(words.warnings).find(([key]) => key === reason)?.[1]
    return text === undefined ? [] : [{ text, serious: reason === 'no_metadata' }]
  })
}

/** Every collection, for the thread and the modal. */
function wholeLoss({ prepared }: ShownPlan, look: Look): readonly Mrkdwn[] {
  return prepared?.loss === undefined ? [] : lossLines(prepared.loss, look, 40).map((line) => mrkdwn`• ${line}`)
}
