import {
  isTrueAt,
  listAt,
  numberAt,
  type RawObject,
  recordAt,
  textAt,
  textsAt,
} from '../../services/kubernetes/api/json.ts'
import type { WorkloadKind } from '../../services/kubernetes/api/paths.ts'
import type { Projection } from '../../services/kubernetes/watch/reflector.ts'
import { changedAt } from '../../services/kubernetes/workload/managed-fields.ts'
import { type Condition, conditionOf, countsOf } from '../../services/kubernetes/workload/rollout-status.ts'
import { templateKey } from '../../services/kubernetes/workload/template-equality.ts'
import { workloadOf } from '../../services/kubernetes/workload/workload.ts'
import { type Probes, probesOf } from './probes.ts'

/** What is kept of a workload that is watched. Times are seconds since 1970 by the API server's clock. */
export type WorkloadFacts = Projection & {
  readonly kind: WorkloadKind
  /** The controller has seen the present spec: what status says is about it. */
  readonly observed: boolean
  /** Of a Deployment: the number that its controller gave to the present template. */
  readonly revision: number | undefined
  /** Of a StatefulSet: name of the ControllerRevision that its pods shall have. */
  readonly updateRevision: string | undefined
  readonly template: TemplateKeys
  readonly probes: Probes
  readonly desired: number
  readonly updated: number
  readonly available: number
  /** Pods of other revisions that still exist. */
  readonly old: number
  readonly conditions: {
    readonly progressing: Condition | undefined
    readonly available: Condition | undefined
    readonly failure: Condition | undefined
  }
  readonly deadlineSeconds: number
  /** When the object itself, not its status, was last written; 0 where the server keeps no record. */
  readonly changedAt: number
}

/** `bare` ignores the annotation of `kubectl rollout restart`: equal ones run the same pods. */
export type TemplateKeys = { readonly key: string; readonly bare: string }

/** A revision of a workload: a ReplicaSet or a ControllerRevision. */
export type SourceFacts = Projection & {
  readonly ownerUid: string
  readonly revision: number
  readonly podHash: string
  readonly template: TemplateKeys
  readonly createdAt: number
  /** When it was made or renumbered; a ReplicaSet is written for other reasons as well. */
  readonly changedAt: number
  /** It has had another number before: the workload came back to it. */
  readonly reused: boolean
}

export type NodeFacts = Projection & { readonly ready: boolean; readonly changedAt: number }

const restartAnnotation = 'kubectl.kubernetes.io/restartedAt'
const revisionAnnotation = 'deployment.kubernetes.io/revision'

export function workloadFacts(kind: WorkloadKind, raw: RawObject): WorkloadFacts {
  const address = { ...nameOf(raw), kind }
  const counts = countsOf(workloadOf(address, raw))
  const template = recordAt(raw, 'spec', 'template')
  const revision = Number(textsAt(raw, 'metadata', 'annotations')[revisionAnnotation])
  return {
    ...nameOf(raw),
    kind,
    observed: (numberAt(raw, 'status', 'observedGeneration') ?? 0) >= (numberAt(raw, 'metadata', 'generation') ?? 0),
    revision: kind === 'deployment' && Number.isInteger(revision) ? revision : undefined,
    updateRevision: textAt(raw, 'status', 'updateRevision'),
    template: keysOf(raw, template),
    probes: probesOf(template),
    ...counts,
    conditions: {
      progressing: conditionOf(raw, 'Progressing'),
      available: conditionOf(raw, 'Available'),
      failure: conditionOf(raw, 'ReplicaFailure'),
    },
    deadlineSeconds: numberAt(raw, 'spec', 'progressDeadlineSeconds') ?? 600,
    changedAt: epoch(changedAt(raw)),
  }
}

/** Of a ReplicaSet or a ControllerRevision. */
export function sourceFacts(raw: RawObject): SourceFacts {
  const annotations = textsAt(raw, 'metadata', 'annotations')
  const owner = listAt(raw, 'metadata', 'ownerReferences').find((one) => isTrueAt(one, 'controller'))
  const { name, ...place } = nameOf(raw)
  const number = numberAt(raw, 'revision')
  const { $patch: _directive, ...saved } = recordAt(raw, 'data', 'spec', 'template')
  return {
    ...place,
    name,
    ownerUid: textAt(owner, 'uid') ?? '',
    revision: number ?? (Number(annotations[revisionAnnotation]) || 0),
    podHash: number === undefined ? (textAt(raw, 'metadata', 'labels', 'pod-template-hash') ?? '') : lastPart(name),
    template: keysOf(raw, number === undefined ? recordAt(raw, 'spec', 'template') : saved),
    createdAt: createdAt(raw),
    changedAt: epoch(changedAt(raw)) || createdAt(raw),
    reused: (annotations['deployment.kubernetes.io/revision-history'] ?? '') !== '',
  }
}

export function nodeFacts(raw: RawObject): NodeFacts {
  return { ...nameOf(raw), ready: conditionOf(raw, 'Ready')?.status === 'True', changedAt: serverTime(raw) }
}

/** Seconds since 1970; 0 where there is no time. */
export function epoch(time: string | undefined): number {
  const ms = time === undefined ? Number.NaN : Date.parse(time)
  return Number.isNaN(ms) ? 0 : Math.floor(ms / 1000)
}

/** The newest time that the API server itself put on the object. */
export function serverTime(raw: RawObject): number {
  const times = listAt(raw, 'metadata', 'managedFields').map((entry) => epoch(textAt(entry, 'time')))
  return Math.max(createdAt(raw), ...times)
}

function createdAt(raw: RawObject): number {
  return epoch(textAt(raw, 'metadata', 'creationTimestamp'))
}

function nameOf(raw: RawObject): Projection {
  return {
    uid: textAt(raw, 'metadata', 'uid') ?? '',
    namespace: textAt(raw, 'metadata', 'namespace') ?? '',
    name: textAt(raw, 'metadata', 'name') ?? '',
  }
}

function lastPart(name: string): string {
  return name.split('-').at(-1) ?? ''
}

/** Status changes many times for one template: its keys are worked out once for each generation. */
const known = new Map<string, TemplateKeys & { readonly generation: number }>()

function keysOf(raw: RawObject, template: RawObject): TemplateKeys {
  const uid = textAt(raw, 'metadata', 'uid') ?? ''
  const generation = numberAt(raw, 'metadata', 'generation') ?? 0
  const before = known.get(uid)
  if (before?.generation === generation) return before
  if (known.size >= 20_000) known.clear()
  const key = templateKey(template)
  const isRestarted = textAt(template, 'metadata', 'annotations', restartAnnotation) !== undefined
  const keys = { generation, key, bare: isRestarted ? templateKey(withoutRestart(template)) : key }
  known.set(uid, keys)
  return keys
}

function withoutRestart(template: RawObject): RawObject {
  const { [restartAnnotation]: _at, ...annotations } = recordAt(template, 'metadata', 'annotations')
  return { ...template, metadata: { ...recordAt(template, 'metadata'), annotations } }
}
