import { listAt, type RawObject, recordAt, textAt, textsAt } from '../../src/services/kubernetes/api/json.ts'
import { quantityNumber } from '../cluster/schema/quantity.ts'
import { conditionOf } from './node-object.ts'
import type { PodSpec, Requirement, Toleration } from './pod-spec.ts'

/** What is on a node already. */
export type Load = { readonly pods: number; readonly siblings: number; readonly cpu: number; readonly memory: number }

/** Why a pod cannot go to a node, in kube-scheduler's words; undefined: it can. Pure. */
export function refusal(spec: PodSpec, node: RawObject, load: Load): string | undefined {
  if (recordAt(node, 'spec')['unschedulable'] === true && !tolerates(spec, unschedulable))
    return 'node(s) were unschedulable'
  const taint = listAt(node, 'spec', 'taints').find(
    (one) => textAt(one, 'effect') !== 'PreferNoSchedule' && !tolerates(spec, taintOf(one)),
  )
  if (taint !== undefined) return 'node(s) had untolerated taint(s)'
  if (conditionOf(node, 'Ready')?.['status'] !== 'True') return 'node(s) were not ready'
  if (!matchesSelector(spec, node)) return "node(s) didn't match Pod's node affinity/selector"
  const { cpu, memory } = requested(spec)
  const room = recordAt(node, 'status', 'allocatable')
  if (load.pods + 1 > Number(room['pods'] ?? 110)) return 'Too many pods'
  if (load.cpu + cpu > quantityNumber(room['cpu'])) return 'Insufficient cpu'
  if (load.memory + memory > quantityNumber(room['memory'])) return 'Insufficient memory'
  return undefined
}

type Taint = { readonly key: string; readonly value: string; readonly effect: string }
const unschedulable: Taint = { key: 'node.kubernetes.io/unschedulable', value: '', effect: 'NoSchedule' }
const taintOf = (raw: unknown): Taint => ({
  key: textAt(raw, 'key') ?? '',
  value: textAt(raw, 'value') ?? '',
  effect: textAt(raw, 'effect') ?? '',
})

function tolerates(spec: PodSpec, taint: Taint): boolean {
  const fits = (one: Toleration) =>
    (one.effect === '' || one.effect === taint.effect) &&
    (one.key === '' || one.key === taint.key) &&
    (one.operator === 'Exists' || (one.key !== '' && one.value === taint.value))
  return spec.tolerations.some(fits)
}

function matchesSelector(spec: PodSpec, node: RawObject): boolean {
  const labels = textsAt(node, 'metadata', 'labels')
  if (!Object.entries(spec.nodeSelector).every(([key, value]) => labels[key] === value)) return false
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  if (terms === undefined) return true
  const fields = { 'metadata.name': textAt(node, 'metadata', 'name') ?? '' }
  return terms.some(
    (term) =>
      term.matchExpressions.every((one) => holds(one, labels)) && term.matchFields.every((one) => holds(one, fields)),
  )
}

function holds({ key, operator, values }: Requirement, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[key]
  if (operator === 'Exists') return value !== undefined
  if (operator === 'DoesNotExist') return value === undefined
  if (operator === 'NotIn') return value === undefined || !values.includes(value)
  return operator === 'In' && value !== undefined && values.includes(value)
}

/** Cores and bytes that a pod asks for. */
export function requested(spec: PodSpec): { readonly cpu: number; readonly memory: number } {
  let cpu = 0
  let memory = 0
  for (const container of spec.containers) {
    cpu += quantityNumber(container.resources.requests['cpu'])
    memory += quantityNumber(container.resources.requests['memory'])
  }
  return { cpu, memory }
}

/** The pod's own place: one owner's pods are spread over the nodes. */
export function ownerOf(pod: RawObject): string {
  const owner = listAt(pod, 'metadata', 'ownerReferences').find((one) => recordAt(one)['controller'] === true)
  return textAt(owner, 'uid') ?? textAt(pod, 'metadata', 'uid') ?? ''
}

/** kube-scheduler's sentence about the reasons of all nodes. */
export function unschedulableMessage(reasons: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  const all = [...counts].map(([reason, count]) => `${count} ${reason}`).sort()
  const total = reasons.length
  if (total === 0) return 'no nodes available to schedule pods'
  return `0/${total} nodes are available: ${all.join(', ')}. preemption: 0/${total} nodes are available: ${total} Preemption is not helpful for scheduling.`
}
