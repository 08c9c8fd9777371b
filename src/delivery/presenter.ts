import type { Card } from '../texts/blocks.ts'
import { actingCard, askCard } from '../texts/cards/automatic.ts'
import { endedElsewhereCard, outcomeCard } from '../texts/cards/outcome.ts'
import { askedCard, decidedCard, planCard, whereToFollow } from '../texts/cards/plan.ts'
import { preparingCard } from '../texts/cards/preparing.ts'
import { type ProgressStyle, progressCard } from '../texts/cards/progress.ts'
import type { Look } from '../texts/language.ts'
import type { RunView } from '../texts/views.ts'

/** Which of a run's messages: `card` where it was asked for, `progress` in the channel of its incident. */
export type RunRole = 'card' | 'progress'

/**
 * Where a run in its present state is told. `nowhere`: it is being planned, which should take a moment only. `requester`:
 * it ended before there was a plan, which concerns whoever asked and nobody else. Pure.
 */
export function audienceOf(view: RunView, now: Date): 'nowhere' | 'requester' | 'channel' {
  const { run } = view
  // What takes long is shown from its start.
  if (run.state === 'planning' && run.planHash !== undefined) return 'channel'
  if (run.state === 'planning') return now.getTime() - run.createdAt.getTime() < patienceMs ? 'nowhere' : 'channel'
  const asked = run.origin.surface === 'slack' && run.actor.slack !== undefined
  return run.state === 'ended' && run.planHash === undefined && asked ? 'requester' : 'channel'
}

/**
 * How long people are left without what usually follows at once: after it a slow plan is announced, and a run whose
 * incident channel is not there yet is told in its own card.
 */
export const patienceMs = 2_000

/** The messages that a run has in its present state, the one with its details first. Pure. */
export function rolesOf(view: RunView): readonly RunRole[] {
  const { run, incident } = view
  const confirmed = run.confirmedAt !== undefined
  return confirmed && incident?.channel !== undefined ? ['progress', 'card'] : ['card']
}

/** A message in the incident's channel is about to be there. Pure. */
export function comesSoon({ run, incident }: RunView, now: Date): boolean {
  const sinceConfirmedMs = now.getTime() - (run.confirmedAt?.getTime() ?? 0)
  return incident !== undefined && incident.state === 'open' && sinceConfirmedMs < patienceMs
}

/** One of a run's messages in its present state. Pure: the same view and look give the same card. */
export function presentRun(view: RunView, role: RunRole, style: ProgressStyle, look: Look): Card {
  const { run, incident } = view
  if (role === 'progress') {
    const inside = { ...view, inIncident: true }
    return run.state === 'ended' ? outcomeCard(inside, style, look) : progressCard(inside, style, look)
  }
  const awaited = comesSoon(view, look.now) && run.state !== 'ended'
  const told = run.confirmedAt !== undefined && (incident?.channel !== undefined || awaited)
  switch (run.state) {
    case 'planning':
      return run.planHash === undefined ? askedCard(view, look) : preparingCard(view, style, look)
    case 'waiting':
      return waitingCard(view, look)
    case 'ended':
      return told ? endedElsewhereCard(view, look) : outcomeCard(view, style, look)
    default:
      return told ? goingOnCard(view, look) : progressCard(view, style, look)
  }
}

/** A person's plan waits for them; a watcher's is a question, or about to be confirmed by the watcher itself. */
function waitingCard(view: RunView, look: Look): Card {
  if (view.release === undefined) return planCard(view, look)
  return view.release.decision === 'ask'
    ? askCard(view, view.release, look)
    : actingCard(view, view.release, undefined, look)
}

function goingOnCard(view: RunView, look: Look): Card {
  return view.release === undefined || view.run.confirmedBy?.kind !== 'watcher'
    ? decidedCard(view, look)
    : actingCard(view, view.release, whereToFollow(view, look), look)
}

/** Changes when a state does, not with mere progress: such a change is shown at once. Pure. */
export function stateOf(view: RunView): string {
  const { run, incident, evidence, paging, review, release } = view
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
    review?.verdict,
    release?.decision,
    release?.escalatedAt,
  ])
}
