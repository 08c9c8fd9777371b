import type { HealthResult } from '../../services/http/health.ts'
import type { Services } from '../services.ts'
import type { Decision } from '../types.ts'
import { readSwitchFacts } from './facts.ts'
import { decideSwitch } from './plan.ts'
import type { Side, SwitchPlan } from './types.ts'

export type ColorChoices = {
  readonly sides: readonly Side[]
  /** The one that serves; undefined where nobody can say. */
  readonly live: string | undefined
  readonly since: string | undefined
  readonly idleSince: string | undefined
  readonly health: readonly HealthResult[]
  /** The other one: what can be chosen. */
  readonly other: string | undefined
  /** What planning it would answer now. */
  readonly decision: Decision<SwitchPlan>
}

/** Both colours of an app as people choose from them. @throws KubernetesError */
export async function readColorChoices(services: Services, app: string): Promise<ColorChoices> {
  const facts = await readSwitchFacts({ app }, services)
  const leads = facts.route?.leadsTo ?? []
  const live = leads.length === 1 ? leads[0] : undefined
  const other = live === undefined ? undefined : facts.sides.find(({ color }) => color !== live)?.color
  return {
    sides: facts.sides,
    live,
    since: facts.route?.since,
    idleSince: facts.route?.changed === true ? facts.route.since : undefined,
    health: facts.health,
    other,
    // By its name: a switch a moment ago does not hide the way back.
    decision: decideSwitch(other === undefined ? { app } : { app, to: other }, facts),
  }
}
