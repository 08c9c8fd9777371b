import { ageOf, listed, roughly } from '../../../texts/amounts.ts'
import { code, isEmpty, join, type Mrkdwn, mrkdwn, time } from '../../../texts/escape.ts'
import type { Look } from '../../../texts/language.ts'
import type { PlanWords } from '../../../texts/presentation.ts'
import { count, lossLines, short, size, textsFor } from './pieces.ts'
import { readPlan, type ShownPlan } from './read.ts'
import { safetyLine, safetyWarning } from './safety-words.ts'
import { brokenWarnings, scopeName, tableLines, tableTexts } from './tables-words.ts'

export function planWords(value: unknown, look: Look): PlanWords {
  const plan = readPlan(value)
  const words = textsFor(look)
  const lines = [backupLine(plan, look), proofLine(plan, look), lossLine(plan, look), swapLine(plan, look)]
  const paragraphs = lines.filter((line) => !isEmpty(line))
  return {
    what: whatOf(plan, look),
    where: words.where(plan.environment),
    paragraphs,
    warnings: warningsOf(plan, look),
    takes: plan.prepared === undefined ? words.takesPreparing(roughly(plan.expectedSeconds, look)) : words.takes,
    confirmLabel: words.confirmLabel[plan.kind],
    confirm: {
      ...confirmOf(plan, look),
      confirm: words.confirmLabel[plan.kind],
      deny: words.confirm.deny,
    },
    dangerous: plan.kind !== 'copy',
    otherLabel: plan.kind === 'undo' ? undefined : words.otherLabel,
    whole: [...paragraphs, ...wholeLoss(plan, look)],
  }
}

export function whatOf(plan: ShownPlan, look: Look): Mrkdwn {
  const words = textsFor(look)
  const name = mrkdwn`${plan.name}`
  if (plan.scope !== undefined && plan.kind !== 'copy') return tablesAsked(plan, plan.scope, name, look)
  if (plan.kind === 'undo') return words.askedBack(name, mrkdwn`${plan.backTo?.run ?? ''}`)
  if (plan.kind === 'copy') return words.askedCopy(name)
  return words.asked(name, plan.point === undefined ? undefined : mrkdwn`${short(plan.point.id, 80)}`)
}

/** What happens with the click, in a sentence. */
function confirmOf(plan: ShownPlan, look: Look): { readonly title: string; readonly text: string } {
  const { confirm } = textsFor(look)
  const { kind, scope, name } = plan
  if (kind === 'backup' && scope === undefined && plan.live.kind === 'gone')
    return { title: confirm.title.backup, text: confirm.text.gone(name) }
  if (scope === undefined || kind === 'copy')
    return { title: confirm.title[kind], text: confirm.text[kind](name, lostShort(plan, look)) }
  const words = tableTexts(look)
  const tables = short(scope.name, 80)
  const text =
    plan.prepared?.tables?.way === 'create'
      ? words.confirmCreate(name, tables)
      : words.confirmText(name, tables, lostShort(plan, look))
  return { title: words.confirmTitle, text }
}

function tablesAsked(plan: ShownPlan, scope: NonNullable<ShownPlan['scope']>, name: Mrkdwn, look: Look): Mrkdwn {
  const words = tableTexts(look)
  const tables = scopeName(scope, look)
  if (plan.kind === 'undo') return words.askedBack(tables, mrkdwn`${plan.backTo?.run ?? ''}`)
  return words.asked(tables, name, plan.point === undefined ? undefined : mrkdwn`${short(plan.point.id, 80)}`)
}

function backupLine(plan: ShownPlan, look: Look): Mrkdwn {
  const words = textsFor(look)
  const { point, prepared } = plan
  const newest = prepared?.newest === undefined ? NaN : Date.parse(prepared.newest)
  return join(
    [
      point === undefined
        ? undefined
        : words.backup(code(short(point.id, 80)), ageOf(point.dataAt, look) ?? '—', size(point.sizeBytes, look)),
      prepared?.sha256 === undefined ? undefined : words.readWhole(code(prepared.sha256.slice(0, 12))),
      Number.isNaN(newest) ? undefined : newestIn(newest, point, look),
    ],
    ' ',
  )
}

/** A backup has two times: when it says that it was begun, and that of its newest row, which cannot be later. */
function newestIn(newest: number, point: ShownPlan['point'], look: Look): Mrkdwn {
  const words = textsFor(look)
  const at = time(new Date(newest), 'date')
  return newest > Date.parse(point?.dataAt ?? '') + clockMs ? words.newestLater(at) : words.newest(at)
}

/** Clocks of two machines may differ by so much. */
const clockMs = 5 * 60_000

function proofLine({ prepared }: ShownPlan, look: Look): Mrkdwn {
  const words = textsFor(look)
  const proof = prepared?.proof
  if (proof === undefined) return mrkdwn``
  const named = (name: string, detail: string) =>
    Object.entries(words.checks).find(([key]) => key === name)?.[1](detail)
  const passed = proof.checks
    .filter(({ verdict }) => verdict === 'pass')
    .flatMap(({ name, detail }) => named(name, detail) ?? [])
  const unknown = proof.checks.filter(({ verdict }) => verdict === 'unknown').map(({ name }) => code(name))
  const answers = prepared?.answers ?? []
  return join(
    [
      words.proved(proof.tables, count(proof.rows, look), size(proof.bytes, look)),
      passed.length === 0
        ? undefined
        : words.alsoProved(
            listed(
              passed.map((text) => mrkdwn`${text}`),
              look,
            ),
          ),
      unknown.length === 0 ? undefined : words.notVerified(listed(unknown, look)),
      answers.length === 0
        ? undefined
        : words.answers(
            listed(
              answers.map(({ name, value }) => mrkdwn`${short(name, 40)} (${short(value, 40)})`),
              look,
              4,
            ),
          ),
      migrationLine(prepared?.migration, look),
    ],
    ' ',
  )
}

function migrationLine(
  migration: { live?: string | undefined; next?: string | undefined } | undefined,
  look: Look,
): Mrkdwn | undefined {
  const words = textsFor(look)
  if (migration?.next === undefined) return undefined
  if (migration.live === undefined) return words.migrationAlone(code(migration.next))
  if (migration.live === migration.next) return words.migrationSame(code(migration.next))
  return words.migrationChanges(code(migration.live), code(migration.next))
}

function lossLine(plan: ShownPlan, look: Look): Mrkdwn {
  const words = textsFor(look)
  const { prepared, live } = plan
  if (plan.kind === 'copy') return mrkdwn``
  if (live.kind === 'gone') return words.live.gone
  if (prepared?.loss !== undefined) return join(lossLines(prepared.loss, look), ' ')
  if (prepared?.lossUnknown !== undefined) return words.lostUnknown(mrkdwn`${short(prepared.lossUnknown, 160)}`)
  return live.kind === 'unreadable' ? words.live.unreadable(mrkdwn`${short(live.why ?? '', 160)}`) : mrkdwn``
}

function lostShort(plan: ShownPlan, look: Look): string {
  const { confirm } = textsFor(look)
  const loss = plan.prepared?.loss
  if (plan.live.kind === 'gone') return confirm.lostNothing
  if (loss === undefined || (loss.unknown.length > 0 && loss.lostRows === 0)) return confirm.lostUnknown
  return loss.lostRows === 0 ? confirm.lostNothing : confirm.lost(count(loss.lostRows, look))
}

function swapLine(plan: ShownPlan, look: Look): Mrkdwn {
  const words = textsFor(look)
  if (plan.kind === 'copy') return words.copyKept
  if (plan.scope !== undefined) return join([...tableLines(plan, look), safetyLine(plan, look)], ' ')
  const apps =
    plan.apps.length === 0
      ? undefined
      : listed(
          plan.apps.map((app) => mrkdwn`${app}`),
          look,
        )
  if (plan.live.kind === 'gone') return words.nothingReplaced
  return join(
    [
      plan.appMode === 'scale' && apps !== undefined ? words.swapScale(apps) : words.swapKeep(apps),
      words.kept(`${plan.keepHours} h`),
      safetyLine(plan, look),
    ],
    ' ',
  )
}

function warningsOf(plan: ShownPlan, look: Look): PlanWords['warnings'] {
  const words = textsFor(look)
  const known: { text: Mrkdwn; serious: boolean }[] = (plan.prepared?.warnings ?? []).flatMap(({ reason }) => {
    const text = Object.entries(words.warnings).find(([key]) => key === reason)?.[1]
    return text === undefined ? [] : [{ text, serious: false }]
  })
  const unsaved = safetyWarning(plan, look)
  if (unsaved !== undefined) known.push({ text: unsaved, serious: true })
  for (const text of brokenWarnings(plan, look)) known.push({ text, serious: true })
  const slots = plan.inactiveSlots.map((slot) => code(slot))
  return slots.length === 0 ? known : [...known, { text: words.slots(listed(slots, look)), serious: true }]
}

/** Every table, for the thread and the modal. */
function wholeLoss({ prepared }: ShownPlan, look: Look): readonly Mrkdwn[] {
  return prepared?.loss === undefined ? [] : lossLines(prepared.loss, look, 40).map((line) => mrkdwn`• ${line}`)
}
