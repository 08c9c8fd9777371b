import { deepEqual, type KubeObject } from '../json.ts'
import type { Budget, DaemonSet, Deployment, Pod, ReplicaSet, Service, StatefulSet } from '../kinds.ts'
import type { FieldFault } from '../status.ts'
import { specSelector } from '../store/selectors.ts'
import { notAllowed, required, unsupported, wrongValue } from './field-faults.ts'
import { validateMeta, validateMetaUpdate } from './validate-meta.ts'
import { validatePodSpec, validateTemplate } from './validate-pod.ts'

type Workload = Deployment | ReplicaSet | StatefulSet | DaemonSet

/** What is wrong with an object, in the order and the words of the API server; empty when nothing is. */
export function validateObject(object: KubeObject): FieldFault[] {
  const meta = validateMeta(object)
  switch (object.kind) {
    case 'Deployment':
      return [...meta, ...workload(object as Deployment), ...deployment(object as Deployment)]
    case 'ReplicaSet':
    case 'StatefulSet':
    case 'DaemonSet':
      return [...meta, ...workload(object as Workload)]
    case 'Pod':
      return [...meta, ...validatePodSpec((object as Pod).spec, 'spec')]
    case 'Service':
      return [...meta, ...service(object as Service)]
    case 'PodDisruptionBudget':
      return [...meta, ...budget(object as Budget)]
    default:
      return meta
  }
}

function workload(object: Workload): FieldFault[] {
  const faults: FieldFault[] = []
  const { selector, template } = object.spec
  const replicas = 'replicas' in object.spec ? object.spec.replicas : undefined
  if (replicas !== undefined && replicas < 0)
    faults.push(wrongValue('spec.replicas', replicas, 'must be greater than or equal to 0'))
  if (selector === undefined) faults.push(required('spec.selector'))
  else if (Object.keys(selector).length === 0)
    faults.push(wrongValue('spec.selector', selector, 'empty selector is invalid for deployment'))
  const labels = template?.metadata?.labels
  if (!specSelector(selector)(labels ?? {}))
    faults.push(
      wrongValue('spec.template.metadata.labels', labels ?? null, '`selector` does not match template `labels`'),
    )
  faults.push(...validateTemplate(template, 'spec.template'))
  if (template?.spec?.restartPolicy !== undefined && template.spec.restartPolicy !== 'Always')
    faults.push(unsupported('spec.template.spec.restartPolicy', template.spec.restartPolicy, ['Always']))
  if ((object.spec.minReadySeconds ?? 0) < 0)
    faults.push(wrongValue('spec.minReadySeconds', object.spec.minReadySeconds, 'must be greater than or equal to 0'))
  return faults
}

function deployment(object: Deployment): FieldFault[] {
  const faults: FieldFault[] = []
  const { strategy, progressDeadlineSeconds, minReadySeconds = 0 } = object.spec
  const { maxSurge, maxUnavailable } = strategy.rollingUpdate ?? {}
  if (strategy.type === 'Recreate' && strategy.rollingUpdate !== undefined)
    faults.push(notAllowed('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'"))
  else if (strategy.type !== 'Recreate' && strategy.type !== 'RollingUpdate')
    faults.push(unsupported('spec.strategy.type', strategy.type, ['Recreate', 'RollingUpdate']))
  else if (strategy.type === 'RollingUpdate') {
    for (const [name, value] of Object.entries({ maxUnavailable, maxSurge })) {
      if (typeof value === 'string' && !/^[0-9]+%$/.test(value))
        faults.push(
          wrongValue(
            `spec.strategy.rollingUpdate.${name}`,
            value,
            "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
          ),
        )
      if (typeof value === 'number' && value < 0)
        faults.push(wrongValue(`spec.strategy.rollingUpdate.${name}`, value, 'must be greater than or equal to 0'))
    }
    if (isNothing(maxSurge) && isNothing(maxUnavailable))
      faults.push(
        wrongValue('spec.strategy.rollingUpdate.maxUnavailable', maxUnavailable, 'may not be 0 when `maxSurge` is 0'),
      )
  }
  if (progressDeadlineSeconds !== undefined && progressDeadlineSeconds < 0)
    faults.push(
      wrongValue('spec.progressDeadlineSeconds', progressDeadlineSeconds, 'must be greater than or equal to 0'),
    )
  if (progressDeadlineSeconds !== undefined && progressDeadlineSeconds <= minReadySeconds)
    faults.push(
      wrongValue('spec.progressDeadlineSeconds', progressDeadlineSeconds, 'must be greater than minReadySeconds'),
    )
  if ((object.spec.revisionHistoryLimit ?? 0) < 0)
    faults.push(
      wrongValue('spec.revisionHistoryLimit', object.spec.revisionHistoryLimit, 'must be greater than or equal to 0'),
    )
  return faults
}

function isNothing(value: unknown): boolean {
  return value === 0 || value === '0%'
}

function service(object: Service): FieldFault[] {
  const { ports = [], type, clusterIP } = object.spec
  const faults: FieldFault[] = []
  if (ports.length === 0 && clusterIP !== 'None' && type !== 'ExternalName') faults.push(required('spec.ports'))
  for (const [index, port] of ports.entries()) {
    if (ports.length > 1 && !port.name) faults.push(required(`spec.ports[${index}].name`))
    for (const name of ['port', 'targetPort'] as const) {
      const value = port[name]
      if (typeof value === 'number' && !(value >= 1 && value <= 65535))
        faults.push(wrongValue(`spec.ports[${index}].${name}`, value, 'must be between 1 and 65535, inclusive'))
    }
  }
  if (type !== undefined && !['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'].includes(type))
    faults.push(unsupported('spec.type', type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']))
  return faults
}

function budget(object: Budget): FieldFault[] {
  const { minAvailable, maxUnavailable } = object.spec
  return minAvailable !== undefined && maxUnavailable !== undefined
    ? [wrongValue('spec', object.spec, 'minAvailable and maxUnavailable cannot be both set')]
    : []
}

const immutableSelector = new Set(['Deployment', 'ReplicaSet', 'DaemonSet'])

/** What an update may not do. */
export function validateUpdate(before: KubeObject, after: KubeObject): FieldFault[] {
  const faults = [...validateMetaUpdate(before, after), ...validateObject(after)]
  if (
    immutableSelector.has(after.kind) &&
    !deepEqual((before as Workload).spec.selector, (after as Workload).spec.selector)
  )
    faults.push(wrongValue('spec.selector', (after as Workload).spec.selector, 'field is immutable'))
  if (after.kind === 'StatefulSet' && !deepEqual(fixedPart(before), fixedPart(after)))
    faults.push(
      notAllowed(
        'spec',
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ),
    )
  if (after.kind === 'Pod' && !deepEqual(frozenPod(before as Pod), frozenPod(after as Pod)))
    faults.push(
      notAllowed(
        'spec',
        'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
      ),
    )
  if (
    (after.kind === 'ConfigMap' || after.kind === 'Secret') &&
    before['immutable'] === true &&
    !deepEqual(before['data'], after['data'])
  )
    faults.push(notAllowed('data', 'field is immutable when `immutable` is set'))
  if (
    after.kind === 'Service' &&
    (before as Service).spec.clusterIP &&
    (before as Service).spec.type === 'ClusterIP' &&
    (after as Service).spec.type === 'ClusterIP' &&
    (before as Service).spec.clusterIP !== (after as Service).spec.clusterIP
  )
    faults.push(wrongValue('spec.clusterIPs[0]', (after as Service).spec.clusterIP, 'may not change once set'))
  return faults
}

function fixedPart(object: KubeObject): unknown {
  const {
    replicas: _r,
    ordinals: _o,
    template: _t,
    updateStrategy: _u,
    revisionHistoryLimit: _h,
    persistentVolumeClaimRetentionPolicy: _p,
    minReadySeconds: _m,
    ...rest
  } = (object as StatefulSet).spec as StatefulSet['spec'] & { persistentVolumeClaimRetentionPolicy?: unknown }
  return rest
}

function frozenPod(pod: Pod): unknown {
  const bare = (list: Pod['spec']['containers'] | undefined) => (list ?? []).map(({ image: _image, ...rest }) => rest)
  const {
    tolerations: _tolerations,
    containers,
    initContainers,
    activeDeadlineSeconds: _deadline,
    ...rest
  } = pod.spec as Pod['spec'] & { activeDeadlineSeconds?: number }
  return { ...rest, containers: bare(containers), initContainers: bare(initContainers) }
}
