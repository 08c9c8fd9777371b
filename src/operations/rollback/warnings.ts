import { isRecord, textAt } from '../../services/kubernetes/api/json.ts'
import { imagesOf } from '../../services/kubernetes/workload/revisions.ts'
import { changedConfig, missingConfig } from './config-warnings.ts'
import type { KnownRevision } from './history.ts'
import type { RollbackWarning } from './types.ts'
import type { WarningInput } from './warning-input.ts'

/** Said by whoever wrote the release: its database changes cannot be taken back, so the old version may not work. */
export const irreversibleAnnotation = 'rescue.porttrack.io/irreversible-migration'
const oldDays = 30

/** Reasons to think twice, the gravest first. Pure. */
export function warningsOf(input: WarningInput): readonly RollbackWarning[] {
  return [
    ...migration(input),
    ...missingConfig(input),
    ...troubles(input),
    ...failedBefore(input),
    ...owners(input),
    ...pods(input),
    ...changedConfig(input),
    ...age(input),
    ...unread(input),
  ]
}

function migration({ facts, from, target, between }: WarningInput): RollbackWarning[] {
  const left = facts.revisions.filter(
    ({ source }) => source === from.source || between.some(({ info }) => info.source === source),
  )
  const marks = [
    ...left.flatMap((revision) => mark(revision.annotations, revision.template, revision.revision)),
    ...(from.source === '' ? mark(facts.annotations, facts.template, from.revision) : []),
  ].filter(({ says }) => target.revision.annotations[irreversibleAnnotation] !== says)
  return marks.map((data) => ({ code: 'irreversible_migration', data }))
}

function mark(annotations: Readonly<Record<string, string>>, template: unknown, revision: number) {
  const says =
    annotations[irreversibleAnnotation] ?? textAt(template, 'metadata', 'annotations', irreversibleAnnotation)
  return says === undefined || says === 'false' ? [] : [{ revision, says }]
}

/** Where the old pods fail as well, or nodes are to blame, another revision helps nobody. */
function troubles({ facts, target }: WarningInput): RollbackWarning[] {
  const { problems } = facts
  const alsoFailing = problems.filter(
    (problem) => problem.revision === target.info.revision && problem.state === 'failing',
  )
  const found: RollbackWarning[] = []
  if (alsoFailing.length > 0)
    found.push({
      code: 'target_failing_too',
      data: { revision: target.info.revision, pods: alsoFailing.length, reason: alsoFailing[0]?.reason },
    })
  const byNode = problems.filter((problem) => problem.state === 'node')
  if (byNode.length > 0 && byNode.length === problems.length)
    found.push({
      code: 'node_trouble',
      data: { pods: byNode.length, reason: byNode[0]?.reason, message: byNode[0]?.message },
    })
  const { desired, ready } = facts.counts
  if (problems.length === 0 && desired > 0 && ready >= desired)
    found.push({ code: 'ready_already', data: { ready, desired } })
  if (desired === 0) found.push({ code: 'scaled_to_zero', data: {} })
  return found
}

function failedBefore({ target }: WarningInput): RollbackWarning[] {
  const { failedBefore: reason, revision } = target.info
  return reason === undefined ? [] : [{ code: 'failed_before', data: { revision, reason } }]
}

function owners({ facts, target }: WarningInput): RollbackWarning[] {
  const { gitOps } = facts
  const { autoscaler } = facts.surroundings
  return [
    ...(gitOps === undefined
      ? []
      : [{ code: 'gitops' as const, data: { tool: gitOps.tool, name: gitOps.name ?? '', seenIn: gitOps.seenIn } }]),
    ...lastApplied(facts.annotations, target),
    ...(autoscaler === undefined ? [] : [{ code: 'hpa' as const, data: { ...autoscaler } }]),
  ]
}

/** `kubectl apply` of the same file would bring the images that we are leaving back. */
function lastApplied(annotations: Readonly<Record<string, string>>, target: KnownRevision): RollbackWarning[] {
  const text = annotations['kubectl.kubernetes.io/last-applied-configuration']
  if (text === undefined) return []
  let applied: unknown
  try {
    applied = JSON.parse(text)
  } catch {
    return []
  }
  const images = imagesOf(isRecord(applied) && isRecord(applied['spec']) ? applied['spec']['template'] : undefined)
  const same = images.join('\n') === target.info.images.join('\n')
  return same || images.length === 0 ? [] : [{ code: 'last_applied_stale', data: { images } }]
}

function pods({ facts }: WarningInput): RollbackWarning[] {
  const { strategy } = facts
  const found: RollbackWarning[] = []
  if (facts.paused)
    found.push({ code: 'paused', data: { by: facts.pausedBy?.manager ?? '', since: facts.pausedBy?.at ?? '' } })
  if (strategy.type === 'OnDelete') found.push({ code: 'on_delete', data: {} })
  if (strategy.partition > 0) found.push({ code: 'partition', data: { partition: strategy.partition } })
  return found
}

function age({ facts, target, between }: WarningInput): RollbackWarning[] {
  const days = Math.floor((Date.parse(facts.readAt) - Date.parse(target.info.createdAt)) / 86_400_000)
  const skipped = between.map(({ info }) => info.revision)
  return [
    ...(skipped.length > 0 ? [{ code: 'skips_revisions' as const, data: { revisions: skipped } }] : []),
    ...(days >= oldDays ? [{ code: 'older_than' as const, data: { days, createdAt: target.info.createdAt } }] : []),
  ]
}

function unread({ facts }: WarningInput): RollbackWarning[] {
  return [
    ...(facts.surroundings.unread.length > 0
      ? [{ code: 'not_checked' as const, data: { what: facts.surroundings.unread } }]
      : []),
    ...(facts.healthChecks === 0 ? [{ code: 'no_health_checks' as const, data: {} }] : []),
  ]
}
