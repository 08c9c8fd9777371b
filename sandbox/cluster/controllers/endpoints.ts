import { canonical, deepEqual, isObject, type KubeObject } from '../json.ts'
import { conditionOf, isReady, type Pod, type Service } from '../kinds.ts'
import type { Change } from '../store/store.ts'
import { ownerReference } from './owner.ts'
import type { Controller, World } from './run.ts'

/** Endpoints and EndpointSlices of every Service with a selector (pkg/controller/endpoint, endpointslice). */
export const endpointsController: Controller = { name: 'endpoints', keysOf, sync }

type Port = { name: string; port: number; protocol: string }
type Target = { pod: Pod; ip: string; ready: boolean; terminating: boolean; ports: Port[] }

function keysOf(change: Change, world: World): string[] {
  if (change.resource === 'services') return change.type === 'DELETED' ? [] : [change.entry.key]
  if (change.resource !== 'pods' || !matters(change)) return []
  const { namespace = '' } = change.entry.object.metadata
  const labels = change.entry.object.metadata.labels ?? {}
  const before = change.before?.object.metadata.labels ?? labels
  return world
    .list<Service>('services', namespace)
    .filter((one) => selects(one, labels) || selects(one, before))
    .map((one) => `${namespace}/${one.metadata.name}`)
}

/** Most changes of a pod say nothing about where it can be reached. */
function matters({ type, entry, before }: Change): boolean {
  if (type !== 'MODIFIED' || before === undefined) return true
  const view = (object: KubeObject) => {
    const pod = object as Pod
    return canonical([
      pod.status.podIP,
      isReady(pod),
      pod.metadata.deletionTimestamp,
      pod.metadata.labels,
      pod.spec.nodeName,
      pod.status.phase,
    ])
  }
  return view(entry.object) !== view(before.object)
}

function selects(service: Service, labels: Record<string, string>): boolean {
  const wanted = Object.entries(service.spec.selector ?? {})
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value)
}

function sync(key: string, world: World): undefined {
  const [namespace = '', name = ''] = key.split('/')
  const service = world.find<Service>('services', namespace, name)
  if (service === undefined || service.spec.selector === undefined || service.spec.type === 'ExternalName') return
  const targets = targetsOf(world, service)
  writeEndpoints(
    world,
    service,
    targets.filter((one) => !one.terminating),
  )
  writeSlice(world, service, targets)
}

function targetsOf(world: World, service: Service): Target[] {
  return world
    .list<Pod>('pods', service.metadata.namespace)
    .filter(
      (pod) =>
        selects(service, pod.metadata.labels ?? {}) &&
        pod.status.podIP &&
        pod.status.phase !== 'Succeeded' &&
        pod.status.phase !== 'Failed',
    )
    .map((pod) => ({
      pod,
      ip: pod.status.podIP ?? '',
      ready: isReady(pod) || service.spec.publishNotReadyAddresses === true,
      terminating: pod.metadata.deletionTimestamp !== undefined,
      ports: portsOf(service, pod),
    }))
}

function portsOf(service: Service, pod: Pod): Port[] {
  return (service.spec.ports ?? []).flatMap((port) => {
    const target = port.targetPort ?? port.port
    const number =
      typeof target === 'number'
        ? target
        : pod.spec.containers.flatMap((one) => one.ports ?? []).find((one) => one.name === target)?.containerPort
    return number === undefined ? [] : [{ name: port.name ?? '', port: number, protocol: port.protocol ?? 'TCP' }]
  })
}

/** When the last thing happened that these endpoints follow. */
function trigger(service: Service, targets: readonly Target[]): Record<string, string> {
  const times = targets.map(
    ({ pod }) => conditionOf(pod.status.conditions, 'Ready')?.lastTransitionTime ?? pod.metadata.creationTimestamp,
  )
  return {
    'endpoints.kubernetes.io/last-change-trigger-time':
      [service.metadata.creationTimestamp, ...times].sort().at(-1) ?? '',
  }
}

function headless(service: Service): Record<string, string> {
  return service.spec.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {}
}

function referenceOf(pod: Pod): object {
  return { kind: 'Pod', namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid }
}

function writeEndpoints(world: World, service: Service, targets: readonly Target[]): void {
  const address = ({ pod, ip }: Target) => ({ ip, nodeName: pod.spec.nodeName, targetRef: referenceOf(pod) })
  const ports = (targets[0]?.ports ?? []).map(({ name, ...rest }) => (name === '' ? rest : { name, ...rest }))
  const ready = targets.filter((one) => one.ready).map(address)
  const waiting = targets.filter((one) => !one.ready).map(address)
  const subset = {
    ...(ready.length === 0 ? {} : { addresses: ready }),
    ...(waiting.length === 0 ? {} : { notReadyAddresses: waiting }),
    ports,
  }
  const body = {
    metadata: {
      name: service.metadata.name,
      annotations: trigger(service, targets),
      labels: {
        ...service.metadata.labels,
        'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
        ...headless(service),
      },
    },
    ...(targets.length === 0 ? {} : { subsets: [subset] }),
  }
  write(world, 'endpoints', world.find('endpoints', service.metadata.namespace, service.metadata.name), service, body, [
    'subsets',
  ])
}

function writeSlice(world: World, service: Service, targets: readonly Target[]): void {
  const found = world.index.controlled('endpointslices', service.metadata.uid)[0]
  const endpoints = targets.map(({ pod, ip, ready, terminating }) => ({
    addresses: [ip],
    conditions: { ready: ready && !terminating, serving: ready, terminating },
    nodeName: pod.spec.nodeName,
    targetRef: referenceOf(pod),
  }))
  const body = {
    metadata: {
      annotations: trigger(service, targets),
      ...(found === undefined ? { generateName: `${service.metadata.name}-` } : { name: found.metadata.name }),
      labels: {
        ...service.metadata.labels,
        'kubernetes.io/service-name': service.metadata.name,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        ...headless(service),
      },
      ownerReferences: [ownerReference(service)],
    },
    addressType: 'IPv4',
    endpoints: endpoints.length === 0 ? null : endpoints,
    ports: targets.length === 0 ? null : (targets[0]?.ports ?? []).map((port) => ({ ...port })),
  }
  write(world, 'endpointslices', found, service, body, ['endpoints', 'ports'])
}

function write(
  world: World,
  resource: string,
  found: KubeObject | undefined,
  service: Service,
  body: object,
  compared: readonly string[],
): void {
  if (found === undefined) {
    world.create(resource, service.metadata.namespace, body)
    return
  }
  const wanted: Record<string, unknown> = { ...body }
  const empty = (value: unknown) =>
    value === undefined || value === null || (Array.isArray(value) && value.length === 0)
  if (compared.every((key) => (empty(found[key]) && empty(wanted[key])) || deepEqual(found[key], wanted[key]))) return
  const meta = isObject(wanted['metadata']) ? wanted['metadata'] : {}
  const { generateName: _generated, ...labels } = meta
  world.update({ ...found, ...wanted, metadata: { ...found.metadata, ...labels } } as KubeObject)
}
