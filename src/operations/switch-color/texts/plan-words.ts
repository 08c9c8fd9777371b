import { listed } from '../../../texts/amounts.ts'
import { bold, code, join, type Mrkdwn, mrkdwn } from '../../../texts/escape.ts'
import type { Look } from '../../../texts/language.ts'
import type { PlanWords } from '../../../texts/presentation.ts'
import { short } from '../../rollback/texts/pieces.ts'
import { idleLine, liveLine, routeName, textsFor } from './pieces.ts'
import { readPlan, type ShownPlan } from './read.ts'
import { warningOf } from './warnings.ts'

export function planWords(value: unknown, look: Look): PlanWords {
  const plan = readPlan(value)
  const words = textsFor(look)
  const { app, from, to } = plan
  const warnings = plan.warnings.map((warning) => warningOf(warning, look))
  const both = sides(plan, look)
  return {
    what: words.switchTo(mrkdwn`${app}`, mrkdwn`${to.color}`),
    where: words.where(mrkdwn`${plan.route.namespace}`, plan.environment),
    paragraphs: [both, changes(plan, look)],
    warnings,
    takes: mrkdwn`${words.takes(plan.colors.watchSeconds)}`,
    confirmLabel: words.confirmLabel(to.color),
    confirm: {
      title: words.confirm.title(app, to.color),
      text: words.confirm.text(from.color, to.color),
      confirm: words.confirmLabel(to.color),
      deny: words.confirm.deny,
    },
    dangerous: warnings.some((warning) => warning.serious),
    otherLabel: words.otherLabel,
    whole: [both, changes(plan, look)],
  }
}

function sides(plan: ShownPlan, look: Look): Mrkdwn {
  const live = liveLine(plan.from, { since: plan.since, checks: plan.health }, look)
  // Two colours: since the one serves, the other does not.
  return join([live, idleLine(plan.to, plan.idleSince, look)], '\n')
}

function changes(plan: ShownPlan, look: Look): Mrkdwn {
  const words = textsFor(look)
  const hosts = plan.hosts.map((host) => code(short(host, 80)))
  const [from, to] = [bold(plan.from.color), bold(plan.to.color)]
  return join(
    [
      words.changes(routeName(plan.route), from, to),
      words.notTouched(from),
      hosts.length === 0 ? undefined : words.reached(listed(hosts, look, 3)),
    ],
    ' ',
  )
}

export function doing(value: unknown, look: Look): Mrkdwn {
  const plan = readPlan(value)
  return textsFor(look).switching(mrkdwn`${plan.app}`, mrkdwn`${plan.to.color}`)
}
