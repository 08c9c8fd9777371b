import { listed, roughly } from '../../../texts/amounts.ts'
import { code, isEmpty, join, type Mrkdwn, mrkdwn } from '../../../texts/escape.ts'
import type { Look } from '../../../texts/language.ts'
import type { PlanWords } from '../../../texts/presentation.ts'
import { aboutNow, changeOf, healthOf, imagesOf, short, stateOf, textsFor } from './pieces.ts'
import { readPlan, type ShownPlan } from './read.ts'
import { warningOf } from './warnings.ts'

/** So many changes are told on the card; the rest is in the whole plan. */
const shownChanges = 4

export function planWords(value: unknown, look: Look): PlanWords {
  const plan = readPlan(value)
  const words = textsFor(look)
  const { to } = plan
  const warnings = plan.warnings.map((warning) => warningOf(warning, look))
  const how = howOf(plan, look)
  return {
    what: mrkdwn`${plan.emergency ? mrkdwn`${words.emergency} · ` : ''}${words.rollBack(mrkdwn`${plan.app}`, String(to.revision))}`,
    where: whereOf(plan, look),
    paragraphs: [now(plan, look), changes(plan, look), ...(plan.emergency ? [words.breaksGlass] : [])],
    warnings,
    takes: mrkdwn`${words.takes(roughly(plan.expectedSeconds, look), how)}`,
    confirmLabel: words.confirmLabel(String(to.revision)),
    confirm: {
      title: words.confirm.title(plan.app, String(to.revision)),
      text: words.confirm.text(how),
      confirm: words.confirmLabel(String(to.revision)),
      deny: words.confirm.deny,
    },
    dangerous: plan.emergency || warnings.some((warning) => warning.serious),
    otherLabel: words.otherLabel,
    whole: [now(plan, look), ...plan.changes.map((change) => mrkdwn`• ${changeOf(change, look)}`)],
  }
}

export function whereOf(plan: ShownPlan, look: Look): Mrkdwn {
  return textsFor(look).where(mrkdwn`${plan.workload.namespace}`, plan.environment)
}

function now(plan: ShownPlan, look: Look): Mrkdwn {
  const words = textsFor(look)
  const { from, to } = plan
  const cause =
    to.changeCause === undefined || to.changeCause.trim() === ''
      ? undefined
      : words.cause(mrkdwn`“${short(to.changeCause, 120)}”`)
  return join(
    [
      words.now(String(from.revision), aboutNow(from, look), stateOf(plan, look)),
      words.ranHealthy(String(to.revision), imagesOf(to, look), healthOf(to, look)),
      cause,
    ],
    ' ',
  )
}

function changes(plan: ShownPlan, look: Look): Mrkdwn {
  const words = textsFor(look)
  const back = listed(
    plan.changes.map((change) => changeOf(change, look)),
    look,
    shownChanges,
  )
  const kept = [
    ...(plan.replicas === undefined ? [] : [mrkdwn`${words.replicas(plan.replicas)}`]),
    mrkdwn`${words.configuration}`,
  ]
  const reached = [...plan.serves.hosts, ...(plan.serves.hosts.length === 0 ? plan.serves.services : [])]
  return join(
    [
      isEmpty(back) ? undefined : words.changesBack(back),
      words.notTouched(listed(kept, look)),
      reached.length === 0
        ? undefined
        : words.serves(
            listed(
              reached.map((name) => code(short(name, 80))),
              look,
              3,
            ),
          ),
    ],
    ' ',
  )
}

/** Warnings after which nobody can promise that the new pods start. */
const doubts: readonly string[] = ['failed_before', 'target_failing_too', 'config_missing']

/** How the pods are replaced, from the strategy; the same arithmetic as Kubernetes (surge rounds up, missing rounds down). */
function howOf(plan: ShownPlan, look: Look): string {
  const { how } = textsFor(look)
  const { type, maxSurge, maxUnavailable } = plan.strategy
  const { desired, ready, oldReady } = plan.readiness
  if (type === 'OnDelete') return how.onDelete
  if (desired > 0 && ready + oldReady === 0) return how.outAlready
  if (type === 'Recreate') return how.recreate
  if (plan.workload.kind === 'daemonset')
    return how.perNode(Math.max(1, amount(maxUnavailable ?? '1', desired, Math.floor)))
  const doubtful = plan.warnings.some(({ code }) => doubts.includes(code))
  if (plan.workload.kind === 'statefulset') return desired > 1 && !doubtful ? how.oneByOne : how.fewer(1)
  const missing = amount(maxUnavailable, desired, Math.floor)
  if (missing > 0) return how.fewer(missing)
  if (doubtful) return how.mayNotStart
  return how.surge(Math.max(1, amount(maxSurge, desired, Math.ceil)))
}

function amount(value: string | undefined, of: number, round: (value: number) => number): number {
  if (value === undefined) return 0
  const number = Number.parseFloat(value)
  if (Number.isNaN(number)) return 0
  return value.endsWith('%') ? round((number / 100) * of) : number
}

export function doing(value: unknown, look: Look): Mrkdwn {
  const plan = readPlan(value)
  return textsFor(look).rollingBack(mrkdwn`${plan.app}`, String(plan.to.revision))
}
