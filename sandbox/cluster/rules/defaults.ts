import { arrayAt, isObject, type JsonObject, type KubeObject, objectAt } from '../json.ts'

/** Fills in what people leave out, as the API server does on every write. After pkg/apis/apps/v1/defaults.go and core/v1/defaults.go. */
export function applyDefaults(object: KubeObject): void {
  byKind[object.kind]?.(object)
}

const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }

const byKind: Readonly<Record<string, (object: KubeObject) => void>> = {
  Deployment: (object) => deployment(own(object, 'spec')),
  ReplicaSet: (object) => {
    preset(own(object, 'spec'), { replicas: 1 })
    template(objectAt(object, 'spec'))
  },
  StatefulSet: (object) => statefulSet(own(object, 'spec')),
  DaemonSet: (object) => daemonSet(own(object, 'spec')),
  Pod: (object) => pod(own(object, 'spec'), own(object, 'status')),
  Service: (object) => service(own(object, 'spec')),
  Namespace: namespace,
  Node: node,
  Secret: (object) => preset(object, { type: 'Opaque' }),
  HorizontalPodAutoscaler: (object) => preset(own(object, 'spec'), { minReplicas: 1, metrics: [cpu] }),
  Endpoints: (object) => {
    for (const subset of arrayAt(object, 'subsets'))
      for (const port of objectsAt(subset, 'ports')) preset(port, { protocol: 'TCP' })
  },
  EndpointSlice: (object) => {
    for (const port of objectsAt(object, 'ports')) preset(port, { name: '', protocol: 'TCP' })
  },
  PersistentVolumeClaim: (object) => {
    preset(own(object, 'spec'), { volumeMode: 'Filesystem' })
    preset(own(object, 'status'), { phase: 'Pending' })
  },
  RoleBinding: subjects,
  ClusterRoleBinding: subjects,
}

function subjects(object: KubeObject): void {
  for (const subject of objectsAt(object, 'subjects'))
    if (subject['kind'] !== 'ServiceAccount') preset(subject, { apiGroup: 'rbac.authorization.k8s.io' })
}

function objectsAt(value: unknown, key: string): JsonObject[] {
  return arrayAt(value, key).filter(isObject)
}

function own(parent: JsonObject, key: string): JsonObject {
  const inner = parent[key]
  if (isObject(inner)) return inner
  const made: JsonObject = {}
  parent[key] = made
  return made
}

function preset(target: JsonObject, values: JsonObject): void {
  for (const key in values) if (target[key] === undefined || target[key] === '') target[key] = values[key]
}

function deployment(spec: JsonObject): void {
  preset(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 })
  const strategy = own(spec, 'strategy')
  preset(strategy, { type: 'RollingUpdate' })
  if (strategy['type'] === 'RollingUpdate')
    preset(own(strategy, 'rollingUpdate'), { maxUnavailable: '25%', maxSurge: '25%' })
  template(spec)
}

function statefulSet(spec: JsonObject): void {
  preset(spec, { podManagementPolicy: 'OrderedReady', replicas: 1, revisionHistoryLimit: 10 })
  const strategy = own(spec, 'updateStrategy')
  if (strategy['type'] === undefined || strategy['type'] === '') {
    strategy['type'] = 'RollingUpdate'
    own(strategy, 'rollingUpdate')
  }
  const rolling = objectAt(strategy, 'rollingUpdate')
  if (strategy['type'] === 'RollingUpdate' && rolling !== undefined) preset(rolling, { partition: 0 })
  preset(own(spec, 'persistentVolumeClaimRetentionPolicy'), { whenDeleted: 'Retain', whenScaled: 'Retain' })
  for (const claim of arrayAt(spec, 'volumeClaimTemplates')) {
    if (!isObject(claim)) continue
    preset(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim' })
    preset(own(claim, 'spec'), { volumeMode: 'Filesystem' })
    preset(own(claim, 'status'), { phase: 'Pending' })
  }
  template(spec)
}

function daemonSet(spec: JsonObject): void {
  preset(spec, { revisionHistoryLimit: 10 })
  const strategy = own(spec, 'updateStrategy')
  preset(strategy, { type: 'RollingUpdate' })
  if (strategy['type'] === 'RollingUpdate') preset(own(strategy, 'rollingUpdate'), { maxUnavailable: 1, maxSurge: 0 })
  template(spec)
}

function template(spec: JsonObject | undefined): void {
  const inner = objectAt(objectAt(spec, 'template'), 'spec')
  if (inner !== undefined) podSpec(inner)
}

function pod(spec: JsonObject, status: JsonObject): void {
  podSpec(spec)
  preset(spec, { enableServiceLinks: true })
  preset(status, { phase: 'Pending' })
  for (const container of containersOf(spec)) {
    const resources = own(container, 'resources')
    const limits = objectAt(resources, 'limits')
    if (limits !== undefined) preset(own(resources, 'requests'), limits)
  }
  if (spec['hostNetwork'] === true)
    for (const container of containersOf(spec))
      for (const port of arrayAt(container, 'ports'))
        if (isObject(port)) preset(port, { hostPort: port['containerPort'] })
}

function containersOf(spec: JsonObject): JsonObject[] {
  return [...arrayAt(spec, 'containers'), ...arrayAt(spec, 'initContainers')].filter(isObject)
}

function podSpec(spec: JsonObject): void {
  preset(spec, {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    schedulerName: 'default-scheduler',
  })
  own(spec, 'securityContext')
  if (typeof spec['serviceAccountName'] === 'string') preset(spec, { serviceAccount: spec['serviceAccountName'] })
  for (const container of containersOf(spec)) fillContainer(container)
  for (const volume of arrayAt(spec, 'volumes')) if (isObject(volume)) fillVolume(volume)
}

function fillContainer(container: JsonObject): void {
  const image = typeof container['image'] === 'string' ? container['image'] : ''
  preset(container, {
    imagePullPolicy: tagOf(image) === 'latest' ? 'Always' : 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  })
  own(container, 'resources')
  for (const port of arrayAt(container, 'ports')) if (isObject(port)) preset(port, { protocol: 'TCP' })
  for (const variable of arrayAt(container, 'env')) {
    const field = objectAt(objectAt(variable, 'valueFrom'), 'fieldRef')
    if (field !== undefined) preset(field, { apiVersion: 'v1' })
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = objectAt(container, name)
    if (probe === undefined) continue
    for (const [key, value] of Object.entries({
      timeoutSeconds: 1,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 3,
    }))
      if (!probe[key]) probe[key] = value
    fillHandler(probe)
  }
  for (const name of ['postStart', 'preStop']) fillHandler(objectAt(objectAt(container, 'lifecycle'), name))
}

function fillHandler(handler: JsonObject | undefined): void {
  const get = objectAt(handler, 'httpGet')
  if (get !== undefined) preset(get, { path: '/', scheme: 'HTTP' })
}

function fillVolume(volume: JsonObject): void {
  for (const source of ['configMap', 'secret', 'downwardAPI', 'projected']) {
    const inner = objectAt(volume, source)
    if (inner !== undefined) preset(inner, { defaultMode: 420 })
  }
  const host = objectAt(volume, 'hostPath')
  if (host !== undefined && host['type'] === undefined) host['type'] = ''
  if (Object.keys(volume).length === 1) volume['emptyDir'] = {}
}

/** The tag of an image; none and no digest is `latest`. */
function tagOf(image: string): string {
  if (image.includes('@')) return ''
  const last = image.slice(image.lastIndexOf('/') + 1)
  const colon = last.lastIndexOf(':')
  return colon < 0 ? 'latest' : last.slice(colon + 1)
}

function service(spec: JsonObject): void {
  preset(spec, { sessionAffinity: 'None', type: 'ClusterIP' })
  for (const port of arrayAt(spec, 'ports')) {
    if (!isObject(port)) continue
    preset(port, { protocol: 'TCP', targetPort: port['port'] })
  }
  const type = spec['type']
  if (type === 'NodePort' || type === 'LoadBalancer') preset(spec, { externalTrafficPolicy: 'Cluster' })
  if (type !== 'ExternalName') preset(spec, { internalTrafficPolicy: 'Cluster' })
  if (type === 'LoadBalancer') preset(spec, { allocateLoadBalancerNodePorts: true })
}

function namespace(object: KubeObject): void {
  if (object.metadata.name)
    object.metadata.labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name }
  preset(own(object, 'status'), { phase: 'Active' })
}

function node(object: KubeObject): void {
  const status = objectAt(object, 'status')
  if (status?.['capacity'] !== undefined) preset(status, { allocatable: status['capacity'] })
}
