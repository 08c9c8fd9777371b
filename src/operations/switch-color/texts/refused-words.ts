import type { OutcomeRow } from '../../../store/types.ts'
import { listed } from '../../../texts/amounts.ts'
import { dataIn, textIn, textsIn } from '../../../texts/data.ts'
import { bold, code, lines, type Mrkdwn, mrkdwn } from '../../../texts/escape.ts'
import type { Look } from '../../../texts/language.ts'
import { movedLines } from './moved-words.ts'
import { checksOf, type Detail, routeName, said, stateOf, textsFor, workloadOf } from './pieces.ts'
import { checksIn, routeIn, type ShownSide, sideIn, sidesIn } from './read.ts'

/**
 * Why it was refused, and what to do about it; every refusal says that nothing was changed.
 * @param shown both colours stand above already
 */
export function refusedLines({ kind, reason, detail }: OutcomeRow, look: Look, shown = false): readonly Mrkdwn[] {
  const words = textsFor(look)
  const to = sideIn(detail['to'])
  const tellers: Record<string, () => readonly (Mrkdwn | undefined)[]> = {
    no_colors: () => [words.addColors],
    unknown_color: () => [words.available(listed(textsIn(detail, 'colors').map(code), look))],
    route_unclear: () => unclear(detail, look, shown),
    target_missing: () => (to === undefined ? [] : [words.create(code(workloadOf(to)))]),
    scaled_to_zero: () => (to === undefined ? [] : [words.scale(scaling(to, detail))]),
    not_ready: () =>
      to === undefined ? [] : [shown ? undefined : stateLine(to, look), words.waitFor(kubectl('rollout status', to))],
    no_endpoints: () => (to === undefined ? [] : reachless(to, look)),
    both_broken: () => broken(detail, look, shown),
    just_switched: () => (to === undefined ? [] : [words.nameIt(command(detail, to.color, look))]),
    not_found: () => [words.correctRoute],
    world_moved: () => movedLines(detail, look),
    forbidden: () => [words.missingRight(textIn(detail, 'verb'), code(textIn(detail, 'resource')))],
  }
  const told = ((Object.hasOwn(tellers, reason) ? tellers[reason]?.() : undefined) ?? []).filter(
    (line) => line !== undefined,
  )
  return kind === 'failed' ? told : [...told, ...said(detail, look), words.nothingChanged]
}

function stateLine(side: ShownSide, look: Look): Mrkdwn {
  return textsFor(look).state(bold(side.color), stateOf(side, look))
}

function kubectl(what: string, { workload }: ShownSide, more = ''): Mrkdwn {
  return code(`kubectl ${what} ${workload.kind}/${workload.name} -n ${workload.namespace}${more}`)
}

/** As many as serve now. */
function scaling(to: ShownSide, detail: Detail): Mrkdwn {
  return kubectl('scale', to, ` --replicas=${Math.max(1, sideIn(detail['from'])?.desired ?? 1)}`)
}

function command(detail: Detail, color: string, look: Look): Mrkdwn {
  return code(`/rollback ${textIn(detail, 'app')} ${look.language === 'es' ? 'a' : 'to'} ${color}`)
}

/** What it lacks so that the route would find its pods. */
function reachless(to: ShownSide, look: Look): readonly Mrkdwn[] {
  const words = textsFor(look)
  const labels = Object.entries(to.missingLabels).map(([key, value]) => code(`${key}=${value}`))
  return [
    ...(labels.length === 0 ? [] : [words.lacksLabels(code(workloadOf(to)), listed(labels, look))]),
    ...(to.missingPorts.length === 0 ? [] : [words.lacksPorts(listed(to.missingPorts.map(code), look))]),
  ]
}

/** Neither can be switched to: how both are, and the way back inside one of them. */
function broken(detail: Detail, look: Look, shown: boolean): readonly Mrkdwn[] {
  const words = textsFor(look)
  const [from, to] = [sideIn(detail['from']), sideIn(detail['to'])]
  const checks = checksOf(
    checksIn(detail['health']).filter(({ ok }) => !ok),
    look,
  )
  return [
    ...[from, to].flatMap((side) => (side === undefined || shown ? [] : [stateLine(side, look)])),
    ...(checks === undefined || shown ? [] : [words.healthFailed(checks)]),
    ...(from === undefined ? [] : [words.mendOne(kubectl('rollout undo', from))]),
  ]
}

/** Both, or neither: what it looks for now, and how to lead it to one. */
function unclear(detail: Detail, look: Look, shown: boolean): readonly Mrkdwn[] {
  const words = textsFor(look)
  const route = routeIn(detail['route'])
  if (route === undefined) return []
  const colors = textsIn(detail, 'leadsTo')
  const seen = dataIn(detail, 'seen')
  const selector = Object.entries(dataIn(seen, 'selector')).map(([key, value]) => code(`${key}=${String(value)}`))
  const where =
    colors.length > 1
      ? words.leadsTo(routeName(route), listed(colors.map(bold), look))
      : words.leadsNowhere(routeName(route), selector.length === 0 ? mrkdwn`${words.nothing}` : listed(selector, look))
  const best = sidesIn(detail['sides']).toSorted((a, b) => b.ready - a.ready)[0]
  return [
    where,
    ...(best === undefined || route.kind !== 'service' ? [] : [words.leadToOne(selecting(route, seen, best))]),
    ...(shown ? [] : [lines(sidesIn(detail['sides']).map((side) => stateLine(side, look)))]),
  ]
}

function selecting(route: { namespace: string; name: string }, seen: unknown, side: ShownSide): Mrkdwn {
  const patch = JSON.stringify({ spec: { selector: { [textIn(seen, 'key')]: side.color } } })
  return code(`kubectl patch service ${route.name} -n ${route.namespace} -p '${patch}'`)
}
