import type { RouteFacts, Side, SwitchFacts, SwitchWarning } from './types.ts'

/** Does what serves now hurt people: no pod, pods that fail, or a check through the route that does not pass? Pure. */
export function isFailing({ health }: Pick<SwitchFacts, 'health'>, live: Side): boolean {
  const failing = live.problems.some((problem) => problem.state === 'failing')
  return live.endpoints.length === 0 || (failing && !isWhole(live)) || health.some((check) => !check.ok)
}

/** All the pods that it wants are ready, and of one revision. */
export const isWhole = (side: Side): boolean => side.desired > 0 && side.ready >= side.desired && side.old === 0

/** Reasons to think twice, the gravest first. Pure. */
export function warningsOf(facts: SwitchFacts, route: RouteFacts, from: Side, to: Side): readonly SwitchWarning[] {
  return [...about(facts, from, to), ...owners(route, to), ...state(facts, from, to)]
}

/** What is known of the version that people would get. */
function about(facts: SwitchFacts, from: Side, to: Side): SwitchWarning[] {
  const same = (each: { readonly color: string; readonly source: string }): boolean =>
    each.color === to.color && each.source === to.source && to.source !== ''
  const failed = facts.failed.find(same)
  const left = failed === undefined ? facts.left.find(same) : undefined
  return [
    ...(failed === undefined ? [] : [{ code: 'failed_before' as const, data: { ...failed } }]),
    ...(to.ready >= to.desired
      ? []
      : [{ code: 'target_partial' as const, data: { color: to.color, ready: to.ready, desired: to.desired } }]),
    ...(to.old === 0 ? [] : [{ code: 'target_mixed' as const, data: { color: to.color, ready: to.old } }]),
    ...(from.migration === undefined || from.migration === to.migration
      ? []
      : [{ code: 'irreversible_migration' as const, data: { color: from.color, says: from.migration } }]),
    ...(left === undefined ? [] : [{ code: 'left_before' as const, data: { ...left } }]),
  ]
}

function owners({ gitOps, appliedColor }: RouteFacts, to: Side): SwitchWarning[] {
  return [
    ...(gitOps === undefined
      ? []
      : [{ code: 'gitops' as const, data: { tool: gitOps.tool, name: gitOps.name ?? gitOps.seenIn } }]),
    ...(appliedColor === undefined || appliedColor === to.color
      ? []
      : [{ code: 'last_applied_stale' as const, data: { color: appliedColor } }]),
  ]
}

function state(facts: SwitchFacts, from: Side, to: Side): SwitchWarning[] {
  const broken = facts.health.filter((check) => !check.ok).map(({ name }) => name)
  const fewer = isWhole(to) && to.ready < from.ready
  return [
    ...(fewer ? [{ code: 'fewer_pods' as const, data: { color: to.color, ready: to.ready, live: from.ready } }] : []),
    ...(isFailing(facts, from) || !isWhole(from)
      ? []
      : [{ code: 'live_healthy' as const, data: { color: from.color, ready: from.ready } }]),
    ...(broken.length === 0 || from.problems.length > 0
      ? []
      : [{ code: 'health_fails_now' as const, data: { checks: broken } }]),
    ...(facts.health.length === 0 ? [{ code: 'no_health_checks' as const, data: {} }] : []),
  ]
}
