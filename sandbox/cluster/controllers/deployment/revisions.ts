import { canonical, clone, deepEqual } from '../../json.ts'
import type { Deployment, PodTemplate, ReplicaSet } from '../../kinds.ts'

/** After pkg/controller/deployment/util. */
export const revisionAnnotation = 'deployment.kubernetes.io/revision'
export const historyAnnotation = 'deployment.kubernetes.io/revision-history'
export const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas'
export const maxAnnotation = 'deployment.kubernetes.io/max-replicas'
export const hashLabel = 'pod-template-hash'

const notCopied = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
  'deprecated.deployment.rollback.to',
])
const historyLimit = 2000

export function revisionOf(replicaSet: ReplicaSet): number {
  const revision = Number(replicaSet.metadata.annotations?.[revisionAnnotation] ?? 0)
  return Number.isInteger(revision) ? revision : 0
}

/** Templates that differ in the hash label alone are the same. */
export function sameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  return deepEqual(withoutHash(a), withoutHash(b))
}

function withoutHash(template: PodTemplate): unknown {
  const { labels, ...metadata } = template.metadata ?? {}
  const { [hashLabel]: _hash, ...rest } = labels ?? {}
  return { ...template, metadata: { ...metadata, ...(Object.keys(rest).length === 0 ? {} : { labels: rest }) } }
}

export function templateText(template: PodTemplate): string {
  return canonical(withoutHash(template))
}

const byAge = (a: ReplicaSet, b: ReplicaSet) =>
  a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp) ||
  a.metadata.name.localeCompare(b.metadata.name)

export function oldestFirst(list: readonly ReplicaSet[]): ReplicaSet[] {
  return [...list].sort(byAge)
}

/** The oldest ReplicaSet with the Deployment's template. */
export function newReplicaSet(deployment: Deployment, list: readonly ReplicaSet[]): ReplicaSet | undefined {
  return oldestFirst(list).find((one) => sameTemplate(one.spec.template, deployment.spec.template))
}

/**
 * Brings the annotations of the current ReplicaSet up to date: those of the Deployment, its revision, and the numbers it had before
 * a rollback reused it. @returns undefined when nothing changes
 */
export function annotated(deployment: Deployment, replicaSet: ReplicaSet, revision: number): ReplicaSet | undefined {
  const known = replicaSet.metadata.annotations ?? {}
  const next = { ...known }
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {}))
    if (!notCopied.has(key)) next[key] = value
  const before = known[revisionAnnotation]
  if (Number(before ?? 0) < revision) {
    next[revisionAnnotation] = String(revision)
    if (before !== undefined) next[historyAnnotation] = appended(known[historyAnnotation], before)
  }
  if (deepEqual(known, next)) return undefined
  const copy = clone(replicaSet)
  copy.metadata.annotations = next
  return copy
}

function appended(history: string | undefined, revision: string): string {
  if (!history) return revision
  const list = [...history.split(','), revision]
  while (list.join(',').length > historyLimit) list.shift()
  return list.join(',')
}

/** Annotations of a ReplicaSet that is about to be created. */
export function firstAnnotations(deployment: Deployment, revision: number, surge: number): Record<string, string> {
  const copied = Object.fromEntries(
    Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !notCopied.has(key)),
  )
  return { ...copied, [revisionAnnotation]: String(revision), ...sizeAnnotations(deployment, surge) }
}

export function sizeAnnotations(deployment: Deployment, surge: number): Record<string, string> {
  return {
    [desiredAnnotation]: String(deployment.spec.replicas),
    [maxAnnotation]: String(deployment.spec.replicas + surge),
  }
}
