import type { Card } from '../texts/blocks.ts'
import { endedElsewhereCard, outcomeCard } from '../texts/cards/outcome.ts'
import { askedCard, decidedCard, planCard } from '../texts/cards/plan.ts'
import { type ProgressStyle, progressCard } from '../texts/cards/progress.ts'
import type { Look } from '../texts/language.ts'
import type { RunView } from '../texts/views.ts'

/** Which of a run's messages: `card` where it was asked for, `progress` in the channel of its incident. */
export type RunRole = 'card' | 'progress'

/**
 * Where a run in its present state is told. `nowhere`: it is being planned, which takes a moment. `requester`: it ended
 * before there was a plan, which concerns whoever asked and nobody else. Pure.
 */
export function audienceOf(view: RunView): 'nowhere' | 'requester' | 'channel' {
  const { run } = view
  if (run.state === 'planning') return 'nowhere'
  const asked = run.origin.surface === 'slack' && run.actor.slack !== undefined
  return run.state === 'ended' && run.planHash === undefined && asked ? 'requester' : 'channel'
}

/** The messages that a run has in its present state, the one with its details first. Pure. */
export function rolesOf(view: RunView): readonly RunRole[] {
  const { run, incident } = view
  const confirmed = run.confirmedAt !== undefined
  return confirmed && incident?.channel !== undefined ? ['progress', 'card'] : ['card']
}

/** The channel of an incident is there within this time, or the run is told in its own card until it is. */
export const patienceForChannelMs = 2_000

/** One of a run's messages in its present state. Pure: the same view and look give the same card. */
export function presentRun(view: RunView, role: RunRole, style: ProgressStyle, look: Look): Card {
  const { run, incident } = view
  if (role === 'progress') {
    const inside = { ...view, inIncident: true }
    return run.state === 'ended' ? outcomeCard(inside, style, look) : progressCard(inside, style, look)
  }
  const sinceConfirmedMs = look.now.getTime() - (run.confirmedAt?.getTime() ?? 0)
  const awaited = incident !== undefined && incident.state === 'open' && sinceConfirmedMs < patienceForChannelMs
  const told = run.confirmedAt !== undefined && (incident?.channel !== undefined || (awaited && run.state !== 'ended'))
  switch (run.state) {
    case 'planning':
      return askedCard(view, look)
    case 'waiting':
      return planCard(view, look)
    case 'ended':
      return told ? endedElsewhereCard(view, look) : outcomeCard(view, style, look)
    default:
      return told ? decidedCard(view, look) : progressCard(view, style, look)
  }
}

/** Changes when a state does, not with mere progress: such a change is shown at once. Pure. */
export function stateOf(view: RunView): string {
  const { run, incident, evidence, paging } = view
  return JSON.stringify([
    run.state,
    run.planHash,
    run.outcome?.kind,
    run.outcome?.reason,
    run.undoneBy,
    run.stopRequestedBy?.name,
    incident?.channel,
    evidence.length,
    paging?.state,
  ])
}
