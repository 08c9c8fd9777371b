import { arrayAt, isObject, type JsonObject, type KubeObject, numberAt, objectAt, stringAt } from '../json.ts'
import type { Budget, DaemonSet, Deployment, Node, Pod, ReplicaSet, Service, StatefulSet } from '../kinds.ts'
import { conditionOf, controllerOf } from '../kinds.ts'
import { selectorText } from '../store/selectors.ts'
import { age } from './age.ts'
import { podRow } from './pod-row.ts'

/** The cells of one object in the columns of its kind, wide ones too; after pkg/printers/internalversion. */
export function rowOf(object: KubeObject): unknown[] {
  const write = rows[object.kind]
  return write === undefined ? [object.metadata.name, object.metadata.creationTimestamp] : write(object)
}

const since = (object: KubeObject) => age(object.metadata.creationTimestamp)

const rows: Record<string, (object: KubeObject) => unknown[]> = {
  Pod: (object) => podRow(object as Pod),
  Deployment: (object) => {
    const { spec, status } = object as Deployment
    return [
      object.metadata.name,
      `${status.readyReplicas ?? 0}/${spec.replicas}`,
      status.updatedReplicas ?? 0,
      status.availableReplicas ?? 0,
      since(object),
      ...containers(object),
      selectorText(spec.selector),
    ]
  },
  ReplicaSet: (object) => {
    const { spec, status } = object as ReplicaSet
    return [
      object.metadata.name,
      spec.replicas,
      status.replicas,
      status.readyReplicas ?? 0,
      since(object),
      ...containers(object),
      selectorText(spec.selector),
    ]
  },
  StatefulSet: (object) => {
    const { spec, status } = object as StatefulSet
    return [object.metadata.name, `${status.readyReplicas ?? 0}/${spec.replicas}`, since(object), ...containers(object)]
  },
  DaemonSet: (object) => {
    const { spec, status } = object as DaemonSet
    const counts = [
      status.desiredNumberScheduled,
      status.currentNumberScheduled,
      status.numberReady,
      status.updatedNumberScheduled ?? 0,
      status.numberAvailable ?? 0,
    ]
    return [
      object.metadata.name,
      ...counts,
      labelText(spec.template.spec.nodeSelector),
      since(object),
      ...containers(object),
      selectorText(spec.selector),
    ]
  },
  Node: (object) => nodeRow(object as Node),
  Service: (object) => serviceRow(object as Service),
  Namespace: (object) => [object.metadata.name, stringAt(object['status'], 'phase') ?? '', since(object)],
  ConfigMap: (object) => [object.metadata.name, countOf(object['data']) + countOf(object['binaryData']), since(object)],
  Secret: (object) => [object.metadata.name, object['type'], countOf(object['data']), since(object)],
  ServiceAccount: (object) => [object.metadata.name, since(object)],
  Event: eventRow,
  Endpoints: (object) => [object.metadata.name, endpoints(object), since(object)],
  EndpointSlice: (object) => [
    object.metadata.name,
    object['addressType'],
    shortList(arrayAt(object, 'ports').map((port) => String(numberAt(port, 'port') ?? '*'))) || '<unset>',
    shortList(arrayAt(object, 'endpoints').flatMap((one) => arrayAt(one, 'addresses').map(String))) || '<unset>',
    since(object),
  ],
  ControllerRevision: (object) => {
    const owner = controllerOf(object)
    return [
      object.metadata.name,
      owner === undefined ? '<none>' : `${owner.kind.toLowerCase()}.apps/${owner.name}`,
      object['revision'],
      since(object),
    ]
  },
  Ingress: (object) => {
    const hosts = arrayAt(object['spec'], 'rules')
      .map((rule) => stringAt(rule, 'host'))
      .filter((host) => host !== undefined && host !== '')
    const addresses = arrayAt(objectAt(object['status'], 'loadBalancer'), 'ingress').map(
      (one) => stringAt(one, 'ip') ?? stringAt(one, 'hostname') ?? '',
    )
    return [
      object.metadata.name,
      stringAt(object['spec'], 'ingressClassName') ?? '<none>',
      shortList(hosts.map(String)) || '*',
      addresses.join(','),
      arrayAt(object['spec'], 'tls').length > 0 ? '80, 443' : '80',
      since(object),
    ]
  },
  IngressClass: (object) => [
    object.metadata.name,
    stringAt(object['spec'], 'controller') ?? '',
    '<none>',
    since(object),
  ],
  NetworkPolicy: (object) => [
    object.metadata.name,
    selectorText(objectAt(object['spec'], 'podSelector')),
    since(object),
  ],
  HorizontalPodAutoscaler: (object) => {
    const target = objectAt(object['spec'], 'scaleTargetRef')
    return [
      object.metadata.name,
      `${stringAt(target, 'kind')}/${stringAt(target, 'name')}`,
      metrics(object),
      String(numberAt(object['spec'], 'minReplicas') ?? '<unset>'),
      numberAt(object['spec'], 'maxReplicas'),
      numberAt(object['status'], 'currentReplicas') ?? 0,
      since(object),
    ]
  },
  PodDisruptionBudget: (object) => {
    const { spec, status } = object as Budget
    return [
      object.metadata.name,
      String(spec.minAvailable ?? 'N/A'),
      String(spec.maxUnavailable ?? 'N/A'),
      status.disruptionsAllowed,
      since(object),
    ]
  },
  Lease: (object) => [object.metadata.name, stringAt(object['spec'], 'holderIdentity') ?? '', since(object)],
  ResourceQuota: quotaRow,
  PersistentVolumeClaim: (object) => [
    object.metadata.name,
    stringAt(object['status'], 'phase') ?? '',
    stringAt(object['spec'], 'volumeName') ?? '',
    '',
    '',
    stringAt(object['spec'], 'storageClassName') ?? '',
    '<unset>',
    since(object),
    stringAt(object['spec'], 'volumeMode') ?? '<unset>',
  ],
  RoleBinding: bindingRow,
  ClusterRoleBinding: bindingRow,
}

function containers(object: KubeObject): [string, string] {
  const list = arrayAt(objectAt(objectAt(object['spec'], 'template'), 'spec'), 'containers').filter(isObject)
  return [list.map((one) => String(one['name'])).join(','), list.map((one) => String(one['image'])).join(',')]
}

function labelText(labels: Record<string, string> | undefined): string {
  const text = Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',')
  return text === '' ? '<none>' : text
}

function countOf(value: unknown): number {
  return isObject(value) ? Object.keys(value).length : 0
}

/** The first three, and how many more. */
function shortList(items: readonly string[]): string {
  return items.length <= 3 ? items.join(',') : `${items.slice(0, 3).join(',')} + ${items.length - 3} more...`
}

function nodeRow(node: Node): unknown[] {
  const info = objectAt(node.status, 'nodeInfo') ?? {}
  const ready = conditionOf(node.status.conditions, 'Ready')
  const words = [
    ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady',
    ...(node.spec.unschedulable === true ? ['SchedulingDisabled'] : []),
  ]
  const roles = Object.keys(node.metadata.labels ?? {})
    .filter((key) => key.startsWith('node-role.kubernetes.io/'))
    .map((key) => key.slice('node-role.kubernetes.io/'.length))
    .filter((role) => role !== '')
    .sort()
  const address = (type: string) => node.status.addresses?.find((one) => one.type === type)?.address ?? '<none>'
  const kernel = `${String(info['kernelVersion'] || '<unknown>')}${info['architecture'] ? ` (${String(info['architecture'])})` : ''}`
  return [
    node.metadata.name,
    words.join(','),
    roles.join(',') || '<none>',
    since(node),
    info['kubeletVersion'] ?? '',
    address('InternalIP'),
    address('ExternalIP'),
    info['osImage'] || '<unknown>',
    kernel,
    info['containerRuntimeVersion'] || '<unknown>',
  ]
}

function serviceRow(service: Service): unknown[] {
  const { spec } = service
  const ports = (spec.ports ?? []).map(
    (port) => `${port.port}${port.nodePort ? `:${port.nodePort}` : ''}/${port.protocol}`,
  )
  const external =
    spec.type === 'LoadBalancer'
      ? '<pending>'
      : spec.type === 'ExternalName'
        ? String((spec as { externalName?: string }).externalName)
        : '<none>'
  return [
    service.metadata.name,
    spec.type,
    spec.clusterIP ?? '<none>',
    external,
    ports.join(',') || '<none>',
    since(service),
    labelText(spec.selector),
  ]
}

function eventRow(object: KubeObject): unknown[] {
  const involved = objectAt(object, 'involvedObject')
  const source = objectAt(object, 'source')
  const first = age(stringAt(object, 'firstTimestamp') ?? stringAt(object, 'eventTime'))
  const series = objectAt(object, 'series')
  const last = series === undefined ? stringAt(object, 'lastTimestamp') : stringAt(series, 'lastObservedTime')
  const kind = (stringAt(involved, 'kind') ?? '').toLowerCase()
  const name = stringAt(involved, 'name') ?? ''
  const component = stringAt(source, 'component') || stringAt(object, 'reportingComponent') || ''
  const host = stringAt(source, 'host') || stringAt(object, 'reportingInstance') || ''
  return [
    last === undefined ? first : age(last),
    object['type'],
    object['reason'],
    name === '' ? kind : `${kind}/${name}`,
    stringAt(involved, 'fieldPath') ?? '',
    host === '' ? component : `${component}, ${host}`,
    (stringAt(object, 'message') ?? '').trim(),
    first,
    numberAt(series, 'count') ?? numberAt(object, 'count') ?? 1,
    object.metadata.name,
  ]
}

function endpoints(object: KubeObject): string {
  const all = arrayAt(object, 'subsets').flatMap((subset) => {
    const ports = arrayAt(subset, 'ports')
    const addresses = arrayAt(subset, 'addresses').map((one) => stringAt(one, 'ip') ?? '')
    return ports.length === 0
      ? addresses
      : ports.flatMap((port) => addresses.map((ip) => `${ip}:${numberAt(port, 'port')}`))
  })
  return all.length === 0 ? '<none>' : shortList(all)
}

function metrics(object: KubeObject): string {
  const specs = arrayAt(object['spec'], 'metrics')
  const current = arrayAt(object['status'], 'currentMetrics')
  const texts = specs.map((spec, index) => {
    const resource = objectAt(spec, 'resource')
    const target = numberAt(objectAt(resource, 'target'), 'averageUtilization')
    const now = numberAt(objectAt(objectAt(current[index], 'resource'), 'current'), 'averageUtilization')
    return `${stringAt(resource, 'name')}: ${now === undefined ? '<unknown>' : `${now}%`}/${target === undefined ? '<auto>' : `${target}%`}`
  })
  return texts.length === 0 ? '<none>' : texts.join(', ')
}

function quotaRow(object: KubeObject): unknown[] {
  const hard = objectAt(object['status'], 'hard') ?? {}
  const used = objectAt(object['status'], 'used') ?? {}
  const text = (names: string[]) =>
    names
      .sort()
      .map((name) => `${name}: ${String(used[name] ?? 0)}/${String(hard[name])}`)
      .join(', ')
  const names = Object.keys(hard)
  return [
    object.metadata.name,
    text(names.filter((name) => !name.startsWith('limits.'))),
    text(names.filter((name) => name.startsWith('limits.'))),
    since(object),
  ]
}

function bindingRow(object: KubeObject): unknown[] {
  const role = objectAt(object, 'roleRef')
  const subjects = arrayAt(object, 'subjects').filter(isObject)
  const named = (kind: string, name: (one: JsonObject) => string) =>
    subjects
      .filter((one) => one['kind'] === kind)
      .map(name)
      .join(', ')
  return [
    object.metadata.name,
    `${stringAt(role, 'kind')}/${stringAt(role, 'name')}`,
    since(object),
    named('User', (one) => String(one['name'])),
    named('Group', (one) => String(one['name'])),
    named('ServiceAccount', (one) => `${String(one['namespace'])}/${String(one['name'])}`),
  ]
}
