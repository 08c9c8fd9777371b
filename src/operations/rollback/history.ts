import { imagesOf, type Revision } from '../../services/kubernetes/workload/revisions.ts'
import { templateKey } from '../../services/kubernetes/workload/template-equality.ts'
import { cameIntoService, servedSeconds, wasReused } from './service-time.ts'
import type { Observation, RevisionInfo, RollbackFacts } from './types.ts'

/** A revision with what people need to choose it. */
export type KnownRevision = { readonly info: RevisionInfo; readonly revision: Revision }

export type History = {
  /** What runs now, or is asked for while paused. */
  readonly current: RevisionInfo
  /** Everything else, newest first. */
  readonly others: readonly KnownRevision[]
  /** The current one was put there by going back, from this one. */
  readonly wentBackFrom: RevisionInfo | undefined
}

type HistoryFacts = Pick<RollbackFacts, 'revisions' | 'observations' | 'template' | 'readAt' | 'rolledOutAt'>

/** Health shorter than this says little: a probe passes before a slow leak shows. */
const worthSeconds = 3600

/** The rollout history as people choose from it, newest first. Pure. */
export function historyOf(facts: HistoryFacts): History {
  const { revisions } = facts
  const abandoned = new Set(revisions.flatMap((revision) => abandonedFor(revision, revisions)?.source ?? []))
  const known = revisions.map((revision) => ({
    revision,
    info: infoOf(revision, facts, abandoned.has(revision.source)),
  }))
  const current = known.find(({ info }) => info.current)
  const left = current === undefined ? undefined : abandonedFor(current.revision, revisions)
  return {
    current: current?.info ?? notRolledOut(facts),
    others: known.filter(({ info }) => !info.current),
    wentBackFrom: known.find(({ revision }) => revision.source === left?.source)?.info,
  }
}

/**
 * An undo gives the old ReplicaSet the next number, so the one that ran just before is the number below. A ControllerRevision
 * keeps no trace of its earlier number, but is then older than those with lower numbers.
 */
function abandonedFor(revision: Revision, revisions: readonly Revision[]): Revision | undefined {
  if (!wasReused(revision, revisions)) return undefined
  return revisions.find((other) => other.revision === revision.revision - 1)
}

/** Health or time in service that says something; a failure that was observed outweighs it. */
export function provedGood(info: Pick<RevisionInfo, 'healthySeconds' | 'failedBefore'>): boolean {
  return info.failedBefore === undefined && (info.healthySeconds ?? 0) >= worthSeconds
}

function infoOf(revision: Revision, facts: HistoryFacts, abandoned: boolean): RevisionInfo {
  const observation = observationOf(revision.template, facts.observations)
  const health = healthOf(revision, facts, observation)
  const failed = observation?.failedReason
  const left = abandoned && !provedGood({ ...health, failedBefore: failed })
  return {
    revision: revision.revision,
    current: revision.current,
    images: revision.images,
    changeCause: revision.changeCause,
    createdAt: revision.createdAt,
    ...health,
    failedBefore: failed ?? (left ? 'rolled_back' : undefined),
    source: revision.source,
    ...(revision.current ? { inServiceSince: cameIntoService(revision, facts) } : {}),
  }
}

function observationOf(template: unknown, observations: readonly Observation[]): Observation | undefined {
  if (observations.length === 0) return undefined
  const key = templateKey(template)
  return observations.find((observation) => observation.templateKey === key)
}

type Health = Pick<RevisionInfo, 'healthySeconds' | 'healthyKnownBy'>

/** The bot saw a revision from its beginning when its first look was this soon. */
const fromTheStartSeconds = 600

/** Observed health; where the bot came only later, the time in service, marked as an estimate. */
function healthOf(revision: Revision, facts: HistoryFacts, observation: Observation | undefined): Health {
  const served = servedSeconds(revision, facts)
  if (observation !== undefined && (served === undefined || tellsMore(revision, observation, served)))
    return { healthySeconds: observation.healthySeconds, healthyKnownBy: 'observed' }
  return served === undefined
    ? { healthySeconds: undefined, healthyKnownBy: 'unknown' }
    : { healthySeconds: served, healthyKnownBy: 'estimated' }
}

function tellsMore({ createdAt }: Revision, observation: Observation, served: number): boolean {
  if (observation.healthySeconds >= served || observation.firstSeenAt === undefined || createdAt === '') return true
  return Date.parse(observation.firstSeenAt) - Date.parse(createdAt) <= fromTheStartSeconds * 1000
}

/** A template that was changed while the Deployment was paused: no ReplicaSet holds it. */
function notRolledOut(facts: HistoryFacts): RevisionInfo {
  const highest = facts.revisions.reduce((most, revision) => Math.max(most, revision.revision), 0)
  return {
    revision: highest + 1,
    current: true,
    images: imagesOf(facts.template),
    changeCause: undefined,
    createdAt: facts.readAt,
    healthySeconds: undefined,
    healthyKnownBy: 'unknown',
    failedBefore: undefined,
    source: '',
  }
}
