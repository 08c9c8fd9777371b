import { at, isTrueAt, listAt, numberAt, type RawObject, recordAt, textAt, textsAt } from '../api/json.ts'
import { historyPath } from '../api/paths.ts'
import type { ClusterClient } from '../api/types.ts'
import { changedAt } from './managed-fields.ts'
import { selectorQuery } from './selector.ts'
import { sameTemplate } from './template-equality.ts'
import type { Workload } from './workload.ts'

/** One revision of a workload's history, with its template as the API gave it. */
export type Revision = {
  readonly revision: number
  /** The ReplicaSet or ControllerRevision that holds it; its name stays when an undo renumbers it. */
  readonly source: string
  /** The hash that its pods carry; the names of ControllerRevisions end in it. */
  readonly podHash: string
  readonly template: RawObject
  readonly annotations: Readonly<Record<string, string>>
  readonly changeCause: string | undefined
  readonly images: readonly string[]
  readonly createdAt: string
  /** The template of the workload is this one. */
  readonly current: boolean
  /** Numbers that it had before: an undo gives the old ReplicaSet the next number. Empty for ControllerRevisions, which keep no trace. */
  readonly earlierNumbers: readonly number[]
  /** When the controller last touched it (scaled or renumbered it). */
  readonly touchedAt: string
}

const revisionAnnotation = 'deployment.kubernetes.io/revision'
const historyAnnotation = 'deployment.kubernetes.io/revision-history'
const changeCauseAnnotation = 'kubernetes.io/change-cause'

/** The history, newest first: objects that match the selector and are controlled by this very workload. @throws KubernetesError */
export async function readRevisions(client: ClusterClient, workload: Workload): Promise<readonly Revision[]> {
  const { items } = await client.list(historyPath(workload.address), {
    labelSelector: selectorQuery(workload.selector),
  })
  return revisionsOf(workload, items)
}

/** As `readRevisions`, from raw objects. Pure. */
export function revisionsOf(workload: Workload, items: readonly RawObject[]): readonly Revision[] {
  const read = workload.address.kind === 'deployment' ? fromReplicaSet : fromControllerRevision
  const own = items.filter((item) => controlledBy(item, workload.uid)).flatMap((item) => read(item))
  const sorted = own.sort((a, b) => b.revision - a.revision || (a.createdAt < b.createdAt ? 1 : -1))
  // Only the newest equal one is current: a hash collision may leave two equal ReplicaSets.
  const current = sorted.find((revision) => sameTemplate(revision.template, workload.template))
  return sorted.map((revision) => (revision === current ? { ...revision, current: true } : revision))
}

function fromReplicaSet(raw: RawObject): Revision[] {
  const annotations = textsAt(raw, 'metadata', 'annotations')
  const revision = Number(annotations[revisionAnnotation])
  if (!Number.isInteger(revision) || revision <= 0) return []
  const earlier = (annotations[historyAnnotation] ?? '').split(',').map(Number)
  return [
    {
      ...common(raw, recordAt(raw, 'spec', 'template'), annotations),
      revision,
      podHash: textAt(raw, 'metadata', 'labels', 'pod-template-hash') ?? '',
      earlierNumbers: earlier.filter((number) => Number.isInteger(number) && number > 0),
    },
  ]
}

function fromControllerRevision(raw: RawObject): Revision[] {
  const revision = numberAt(raw, 'revision')
  if (revision === undefined || at(raw, 'data', 'spec', 'template') === undefined) return []
  const { $patch: _directive, ...template } = recordAt(raw, 'data', 'spec', 'template')
  return [
    {
      ...common(raw, template, textsAt(raw, 'metadata', 'annotations')),
      revision,
      podHash: (textAt(raw, 'metadata', 'name') ?? '').split('-').at(-1) ?? '',
      earlierNumbers: [],
    },
  ]
}

function common(raw: RawObject, template: RawObject, annotations: Readonly<Record<string, string>>) {
  const createdAt = textAt(raw, 'metadata', 'creationTimestamp') ?? ''
  return {
    source: textAt(raw, 'metadata', 'name') ?? '',
    template,
    annotations,
    changeCause: annotations[changeCauseAnnotation],
    images: imagesOf(template),
    createdAt,
    current: false,
    touchedAt: changedAt(raw) ?? createdAt,
  }
}

export function imagesOf(template: unknown): readonly string[] {
  return listAt(template, 'spec', 'containers').flatMap((container) => textAt(container, 'image') ?? [])
}

function controlledBy(raw: RawObject, uid: string): boolean {
  return listAt(raw, 'metadata', 'ownerReferences').some(
    (owner) => isTrueAt(owner, 'controller') && textAt(owner, 'uid') === uid,
  )
}
