import { type KubeObject, objectAt } from '../json.ts'
import type { Pod, Service, Toleration } from '../kinds.ts'
import { canonicalQuantity, quantityNumber } from '../schema/quantity.ts'
import { forbidden } from '../status.ts'
import type { Store } from '../store/store.ts'

export type AdmissionOptions = {
  /** Seconds that a pod stays on a node that is not ready or cannot be reached (`--default-not-ready-toleration-seconds`). */
  readonly tolerationSeconds: number
}

/** What the admission plugins of a usual API server add or refuse when an object is created. */
export function admitCreate(object: KubeObject, store: Store, options: AdmissionOptions): void {
  if (object.kind === 'Pod') {
    pod(object as Pod, options)
    refuseOverQuota(object as Pod, store)
  } else if (object.kind === 'Service') assignAddress(object as Service, store)
}

function pod(object: Pod, options: AdmissionOptions): void {
  const spec = object.spec as Pod['spec'] & { priority?: number; preemptionPolicy?: string }
  spec.priority ??= 0
  spec.preemptionPolicy ??= 'PreemptLowerPriority'
  const tolerations = spec.tolerations ?? []
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'])
    if (!tolerations.some((one) => tolerates(one, key)))
      tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: options.tolerationSeconds })
  spec.tolerations = tolerations
  // What a backdated pod of the seed brings stays; anybody else's status was dropped before.
  object.status = { phase: 'Pending', ...object.status, qosClass: qualityOf(object) }
}

function tolerates(one: Toleration, key: string): boolean {
  return (one.key === key || (!one.key && one.operator === 'Exists')) && (!one.effect || one.effect === 'NoExecute')
}

/** BestEffort without requests, Guaranteed when every container's requests equal its limits, else Burstable. */
function qualityOf(object: Pod): string {
  const all = [...object.spec.containers, ...(object.spec.initContainers ?? [])].map((one) => one.resources ?? {})
  if (all.every((one) => Object.keys(one.requests ?? {}).length === 0 && Object.keys(one.limits ?? {}).length === 0))
    return 'BestEffort'
  const guaranteed = all.every((one) =>
    ['cpu', 'memory'].every(
      (name) => one.limits?.[name] !== undefined && (one.requests?.[name] ?? one.limits[name]) === one.limits[name],
    ),
  )
  return guaranteed ? 'Guaranteed' : 'Burstable'
}

/** @throws ApiError 403 in the words of the quota plugin */
function refuseOverQuota(object: Pod, store: Store): void {
  const namespace = object.metadata.namespace ?? ''
  for (const { object: quota } of store.list('resourcequotas', namespace)) {
    const hard = objectAt(quota['spec'], 'hard') ?? {}
    const asked: Record<string, number> = {}
    const over: Record<string, string> = {}
    const used: Record<string, number> = {}
    for (const [name, limit] of Object.entries(hard)) {
      const want = usageOf(object, name)
      if (want === undefined) continue
      const present = podsOf(store, namespace).reduce((sum, one) => sum + (usageOf(one, name) ?? 0), 0)
      if (present + want <= quantityNumber(limit)) continue
      over[name] = String(limit)
      asked[name] = want
      used[name] = present
    }
    const names = Object.keys(over).sort()
    if (names.length === 0) continue
    const list = (values: Record<string, unknown>) => names.map((name) => `${name}=${String(values[name])}`).join(',')
    const name = object.metadata.name
    throw forbidden(
      { group: '', resource: 'pods', name },
      `exceeded quota: ${quota.metadata.name}, requested: ${list(asked)}, used: ${list(used)}, limited: ${list(over)}`,
    )
  }
}

function podsOf(store: Store, namespace: string): Pod[] {
  return store
    .list('pods', namespace)
    .map((entry) => entry.object as Pod)
    .filter((one) => one.status.phase !== 'Succeeded' && one.status.phase !== 'Failed')
}

/** How much of a quota's resource all these pods take, as a quantity. */
export function usedOf(pods: readonly Pod[], name: string): string {
  const alive = pods.filter((one) => one.status.phase !== 'Succeeded' && one.status.phase !== 'Failed')
  const sum = alive.reduce((total, one) => total + (usageOf(one, name) ?? 0), 0)
  return canonicalQuantity(Number.isInteger(sum) ? String(sum) : `${Math.round(sum * 1000)}m`)
}

/** How much of a quota's resource a pod takes; undefined for what pods do not take. */
function usageOf(object: Pod, name: string): number | undefined {
  if (name === 'pods' || name === 'count/pods') return 1
  const [kind, resource] = name.startsWith('limits.')
    ? (['limits', name.slice(7)] as const)
    : (['requests', name.replace(/^requests\./, '')] as const)
  if (resource !== 'cpu' && resource !== 'memory') return undefined
  return object.spec.containers.reduce((sum, one) => sum + quantityNumber(one.resources?.[kind]?.[resource]), 0)
}

/** A free address of 10.96.0.0/16, as `--service-cluster-ip-range` gives it. */
function assignAddress(object: Service, store: Store): void {
  const spec = object.spec as Service['spec'] & {
    clusterIPs?: string[]
    ipFamilies?: string[]
    ipFamilyPolicy?: string
  }
  if (spec.type === 'ExternalName') return
  if (!spec.clusterIP) {
    const taken = new Set(store.list('services').map((entry) => (entry.object as Service).spec.clusterIP))
    for (let number = 2; ; number += 1) {
      const address = `10.96.${number >> 8}.${number & 255}`
      if (taken.has(address)) continue
      spec.clusterIP = address
      break
    }
  }
  spec.clusterIPs ??= [spec.clusterIP]
  spec.ipFamilies ??= ['IPv4']
  spec.ipFamilyPolicy ??= 'SingleStack'
  if (spec.type === 'NodePort' || spec.type === 'LoadBalancer') assignNodePorts(object, store)
}

function assignNodePorts(object: Service, store: Store): void {
  const taken = new Set(
    store
      .list('services')
      .flatMap((entry) => ((entry.object as Service).spec.ports ?? []).map((port) => port.nodePort)),
  )
  let next = 30_000
  for (const port of object.spec.ports ?? []) {
    if (port.nodePort) continue
    while (taken.has(next)) next += 1
    port.nodePort = next
    taken.add(next)
  }
}
