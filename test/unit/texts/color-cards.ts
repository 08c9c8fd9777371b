import { decideSwitch } from '../../../src/operations/switch-color/plan.ts'
import {
  outcomeReasons,
  type Side,
  type SwitchFacts,
  type SwitchPlan,
  warningCodes,
} from '../../../src/operations/switch-color/types.ts'
import type { OutcomeRow, RunRow } from '../../../src/store/types.ts'
import type { Card } from '../../../src/texts/blocks.ts'
import { outcomeCard } from '../../../src/texts/cards/outcome.ts'
import { planCard } from '../../../src/texts/cards/plan.ts'
import { progressCard } from '../../../src/texts/cards/progress.ts'
import { statusCard } from '../../../src/texts/cards/status.ts'
import { statusDetailCard } from '../../../src/texts/cards/status-detail.ts'
import type { Look } from '../../../src/texts/language.ts'
import { rollbackModal } from '../../../src/texts/modals/rollback.ts'
import { facts, side } from '../operations/color-facts.ts'
import { endedRun, exampleComponent, exampleRun, exampleView, now } from './examples.ts'

type Outside = { readonly name: string; readonly text: string }

const params = { app: 'porttrack-web', to: 'green' }

export function colorPlan(given: SwitchFacts = facts(), more: Partial<SwitchPlan> = {}): SwitchPlan {
  const decision = decideSwitch({ app: 'porttrack-web' }, given)
  if (decision.kind !== 'proceed') throw new Error(decision.reason)
  return { ...decision.plan, ...more }
}

export const colorRun = (plan: SwitchPlan = colorPlan(), more: Partial<RunRow> = {}): RunRow =>
  exampleRun({ operation: 'switch-color', params, plan, ...more })

export const colorEnd = (outcome: OutcomeRow, plan: SwitchPlan = colorPlan()): RunRow =>
  endedRun(outcome, { operation: 'switch-color', params, plan })

/** Names and messages that came from outside, in every place that shows some. */
function spoiled(color: string, { name, text }: Outside): Side {
  const problem = {
    pod: name,
    revision: 2,
    reason: text,
    message: text,
    restarts: 4,
    exitCode: 1,
    node: name,
    state: 'failing' as const,
    container: undefined,
  }
  return side(color, {
    ready: 1,
    images: [name, text],
    changeCause: text,
    problems: [problem],
    missingLabels: { [name]: text },
    missingPorts: [name],
    app: name,
    workload: { cluster: 'main', namespace: name, kind: 'deployment', name },
  })
}

function detailOf(outside: Outside): Record<string, unknown> {
  const { name, text } = outside
  const check = { name, ok: false, status: undefined, ms: 9, reason: text }
  return {
    app: name,
    environment: name,
    route: { kind: 'service', namespace: name, name },
    from: spoiled('blue', outside),
    to: spoiled('green', outside),
    sides: [spoiled('blue', outside), spoiled('green', outside)],
    seen: { kind: 'service', key: name, selector: { [name]: text } },
    colors: [name, text],
    leadsTo: [],
    health: [check],
    asked: text,
    by: name,
    at: now.toISOString(),
    why: 'endpoints',
    reached: { ready: 1, notReady: 0, old: 0 },
    moved: ['recreated', 'route', 'target', 'readiness'].map((field) => ({
      field,
      before: text,
      after: text,
      by: name,
      at: now.toISOString(),
    })),
    message: text,
    verb: 'patch',
    resource: name,
  }
}

/** Every card of a switch of colours, also with the worst that can stand in its texts. */
export function colorCards(look: Look, outside: Outside): Readonly<Record<string, Card>> {
  const { name, text } = outside
  const worst = colorPlan(facts(), {
    app: name,
    environment: name,
    from: spoiled('blue', outside),
    to: spoiled('green', outside),
    hosts: [name, text],
    health: [{ name, ok: false, status: undefined, ms: 9, reason: text }],
    warnings: warningCodes.map((code) => ({
      code,
      data: { color: name, says: text, tool: name, name: text, run: name, by: text, checks: [name, text] },
    })),
  })
  const sides = [spoiled('blue', outside), spoiled('green', outside)].map((each, index) => ({
    color: index === 0 ? name : each.color,
    serves: index === 0,
    ready: 1,
    desired: 2,
    revision: 2,
    images: [name],
    reason: text,
  }))
  const component = exampleComponent('porttrack-web', { sides, state: 'degraded', reason: 'route_unclear' })
  const well = exampleComponent('porttrack-web', { sides })
  const status = { asOf: now.toISOString(), tookMs: 12 }
  const ends = Object.entries(outcomeReasons).flatMap(([kind, reasons]) =>
    reasons.map((reason) => {
      const detail = { ...detailOf(outside), switched: kind === 'verified' || reason === 'stopped' }
      const run = colorEnd({ kind: kind as OutcomeRow['kind'], reason, detail }, worst)
      return [`colors: ${kind} ${reason}`, outcomeCard(exampleView(run), 'plan', look)] as const
    }),
  )
  return {
    'colors: plan': planCard(exampleView(colorRun()), look),
    'colors: worst plan': planCard(exampleView(colorRun(worst)), look),
    'colors: progress': progressCard(exampleView(colorRun(worst, { state: 'running' })), 'plan', look),
    'colors: status': statusCard({ components: [component, well], ...status }, look),
    'colors: status in depth': statusDetailCard(component, status, look),
    ...Object.fromEntries(ends),
  }
}

export function colorModals(look: Look, outside: Outside) {
  const base = { apps: [outside.name], app: outside.name, reason: undefined, metadata: '{}' }
  const there = { live: 'blue', since: now.toISOString(), idleSince: now.toISOString(), other: 'green', health: [] }
  const sides = [spoiled('blue', outside), spoiled('green', outside)]
  const decision = { kind: 'proceed', plan: colorPlan() } as const
  const refused = { kind: 'refuse', reason: 'both_broken', detail: detailOf(outside) } as const
  const form = (how: typeof decision | typeof refused) =>
    rollbackModal({ ...base, revisions: { kind: 'colors', ...there, sides, decision: how } }, look)
  return { 'colors, there': form(decision), 'colors, refused': form(refused) }
}
