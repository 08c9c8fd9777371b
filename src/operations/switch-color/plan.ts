import type { Colors } from '../../catalog/colors.ts'
import type { Decision } from '../types.ts'
import { ledTo, routePatch } from './route.ts'
import type { RouteFacts, Side, SwitchFacts, SwitchParams, SwitchPlan } from './types.ts'
import { isFailing, isWhole, warningsOf } from './warnings.ts'

/** For so long after a switch, a second request without a colour means the same switch, not one more. */
const sameSwitchSeconds = 30 * 60

/** What to do, from what was asked and what was read. Pure: the same input gives the same decision. */
export function decideSwitch(params: SwitchParams, facts: SwitchFacts): Decision<SwitchPlan> {
  const { route, sides, colors } = facts
  if (route === undefined || colors === undefined) return refuse('no_colors', facts)
  if (params.to !== undefined && !colors.sides.some(({ name }) => name === params.to))
    return refuse('unknown_color', facts, { asked: params.to })
  if (!route.exists) return refuse('not_found', facts)
  const [live, ...others] = route.leadsTo
  const from = sides.find(({ color }) => color === live)
  const to = sides.find(({ color }) => (params.to === undefined ? color !== live : color === params.to))
  if (others.length > 0 || from === undefined || to === undefined) return refuse('route_unclear', facts)
  if (to.color === from.color)
    return { kind: 'nothing_to_do', reason: 'already_there', detail: { ...common(facts), from, to } }
  if (params.to === undefined && justSwitched(facts, from, to)) {
    const last = facts.left[0]
    return refuse('just_switched', facts, { from, to, at: last?.at, by: last?.by })
  }
  const fault = faultOf(facts, from, to)
  if (fault !== undefined) return refuse(fault, facts, { from, to })
  if (!facts.mayPatch)
    return refuse('forbidden', facts, { status: 403, verb: 'patch', resource: resourceOf(route), from, to })
  return { kind: 'proceed', plan: planFor(facts, { route, colors, from, to }) }
}

/** Why people must not be sent there; undefined: they may. */
function faultOf(facts: SwitchFacts, from: Side, to: Side) {
  if (!to.exists) return 'target_missing'
  const reachable = to.endpoints.length > 0
  // Part of it is better than nothing, and worse than a colour that works.
  if (reachable && (isWhole(to) || isFailing(facts, from))) return undefined
  if (to.desired === 0) return 'scaled_to_zero'
  if (to.ready > 0 && !reachable) return 'no_endpoints'
  return isFailing(facts, from) ? 'both_broken' : 'not_ready'
}

function justSwitched(facts: SwitchFacts, from: Side, to: Side): boolean {
  const last = facts.left[0]
  if (last === undefined || last.color !== to.color || isFailing(facts, from)) return false
  return (Date.parse(facts.readAt) - Date.parse(last.at)) / 1000 < sameSwitchSeconds
}

type Chosen = { readonly route: RouteFacts; readonly colors: Colors; readonly from: Side; readonly to: Side }

function planFor(facts: SwitchFacts, { route, colors, from, to }: Chosen): SwitchPlan {
  const { app, environment, health } = facts
  const { ref, uid, seen, since, by, hosts } = route
  const after = ledTo(seen, to)
  return {
    app,
    colors,
    environment,
    route: ref,
    uid,
    from,
    to,
    since,
    idleSince: route.changed ? since : undefined,
    by,
    health,
    hosts,
    warnings: warningsOf(facts, route, from, to),
    seen,
    after,
    patch: routePatch(uid, seen, after),
    backPatch: routePatch(uid, after, seen),
  }
}

const resourceOf = ({ ref }: RouteFacts): string => (ref.kind === 'service' ? 'services' : 'ingresses')

function refuse(reason: string, facts: SwitchFacts, more: Record<string, unknown> = {}): Decision<SwitchPlan> {
  return { kind: 'refuse', reason, detail: { ...common(facts), ...more } }
}

function common({ app, colors, environment, route, sides, health }: SwitchFacts) {
  return {
    app,
    environment,
    route: route?.ref,
    leadsTo: route?.leadsTo ?? [],
    seen: route?.seen,
    colors: colors?.sides.map(({ name }) => name) ?? [],
    sides,
    health,
  }
}
