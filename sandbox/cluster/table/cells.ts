import { arrayAt, isObject, type JsonObject, type KubeObject, numberAt, objectAt, stringAt } from '../json.ts'
import { conditionOf, type Node, type Service } from '../kinds.ts'
import { age } from './age.ts'

const since = (object: KubeObject) => age(object.metadata.creationTimestamp)

export function nodeRow(node: Node): unknown[] {
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

export function serviceRow(service: Service): unknown[] {
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

export function eventRow(object: KubeObject): unknown[] {
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

export function endpoints(object: KubeObject): string {
  const all = arrayAt(object, 'subsets').flatMap((subset) => {
    const ports = arrayAt(subset, 'ports')
    const addresses = arrayAt(subset, 'addresses').map((one) => stringAt(one, 'ip') ?? '')
    return ports.length === 0
      ? addresses
      : ports.flatMap((port) => addresses.map((ip) => `${ip}:${numberAt(port, 'port')}`))
  })
  return all.length === 0 ? '<none>' : shortList(all)
}

export function metrics(object: KubeObject): string {
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

export function quotaRow(object: KubeObject): unknown[] {
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

export function bindingRow(object: KubeObject): unknown[] {
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
export function labelText(labels: Record<string, string> | undefined): string {
  const text = Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',')
  return text === '' ? '<none>' : text
}

/** The first three, and how many more. */
export function shortList(items: readonly string[]): string {
  return items.length <= 3 ? items.join(',') : `${items.slice(0, 3).join(',')} + ${items.length - 3} more...`
}
