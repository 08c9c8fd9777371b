import { arrayAt, isObject, type KubeObject, numberAt, objectAt, stringAt } from '../json.ts'
import type { Budget, DaemonSet, Deployment, Node, Pod, ReplicaSet, Service, StatefulSet } from '../kinds.ts'
import { controllerOf } from '../kinds.ts'
import { selectorText } from '../store/selectors.ts'
import { age } from './age.ts'
import {
  bindingRow,
  endpoints,
  eventRow,
  labelText,
  metrics,
  nodeRow,
  quotaRow,
  serviceRow,
  shortList,
} from './cells.ts'
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

function countOf(value: unknown): number {
  return isObject(value) ? Object.keys(value).length : 0
}
