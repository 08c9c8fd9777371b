import type { KubeObject, ObjectMeta } from './json.ts'

/** The parts of objects that controllers and the kubelet read; everything else is carried along untouched. */

export type Condition = {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason?: string
  message?: string
  lastTransitionTime?: string
  lastUpdateTime?: string
  lastHeartbeatTime?: string
}

export type LabelSelector = { matchLabels?: Record<string, string>; matchExpressions?: unknown[] }
export type IntOrString = number | string

export type Handler = {
  httpGet?: { path?: string; port?: IntOrString }
  exec?: { command?: string[] }
  tcpSocket?: { port?: IntOrString }
}
export type Probe = Handler & {
  initialDelaySeconds?: number
  timeoutSeconds?: number
  periodSeconds?: number
  successThreshold?: number
  failureThreshold?: number
}

export type KeyRef = { name?: string; key?: string; optional?: boolean }
export type Container = {
  name: string
  image?: string
  ports?: { name?: string; containerPort: number; protocol?: string }[]
  env?: { name: string; value?: string; valueFrom?: { configMapKeyRef?: KeyRef; secretKeyRef?: KeyRef } }[]
  envFrom?: { configMapRef?: KeyRef; secretRef?: KeyRef }[]
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> }
  livenessProbe?: Probe
  readinessProbe?: Probe
  startupProbe?: Probe
  volumeMounts?: { name: string; mountPath: string }[]
  imagePullPolicy?: string
}

export type Toleration = {
  key?: string
  operator?: string
  value?: string
  effect?: string
  tolerationSeconds?: number
}
export type Taint = { key: string; value?: string; effect: string; timeAdded?: string }

export type PodSpec = {
  nodeName?: string
  nodeSelector?: Record<string, string>
  affinity?: {
    nodeAffinity?: {
      requiredDuringSchedulingIgnoredDuringExecution?: {
        nodeSelectorTerms?: {
          matchFields?: { key: string; values?: string[] }[]
          matchExpressions?: { key: string; operator: string; values?: string[] }[]
        }[]
      }
    }
  }
  containers: Container[]
  initContainers?: Container[]
  restartPolicy?: string
  terminationGracePeriodSeconds?: number
  tolerations?: Toleration[]
  schedulingGates?: unknown[]
  hostNetwork?: boolean
  volumes?: {
    name: string
    configMap?: KeyRef
    secret?: { secretName?: string; optional?: boolean }
    [source: string]: unknown
  }[]
}

export type Running = { startedAt: string }
export type Terminated = {
  exitCode: number
  reason?: string
  message?: string
  startedAt?: string
  finishedAt?: string
  containerID?: string
}
export type Waiting = { reason?: string; message?: string }
export type ContainerState = { running?: Running; terminated?: Terminated; waiting?: Waiting }
export type ContainerStatus = {
  name: string
  state: ContainerState
  lastState: ContainerState
  ready: boolean
  started?: boolean
  restartCount: number
  image: string
  imageID: string
  containerID?: string
}

export type PodStatus = {
  phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown'
  conditions?: Condition[]
  containerStatuses?: ContainerStatus[]
  initContainerStatuses?: ContainerStatus[]
  podIP?: string
  podIPs?: { ip: string }[]
  hostIP?: string
  hostIPs?: { ip: string }[]
  startTime?: string
  reason?: string
  message?: string
  qosClass?: string
  observedGeneration?: number
}

export type Pod = KubeObject & { spec: PodSpec; status: PodStatus }
export type PodTemplate = { metadata: Partial<ObjectMeta>; spec: PodSpec }

export type Deployment = KubeObject & {
  spec: {
    replicas: number
    selector: LabelSelector
    template: PodTemplate
    minReadySeconds?: number
    paused?: boolean
    progressDeadlineSeconds?: number
    revisionHistoryLimit?: number
    strategy: {
      type: 'RollingUpdate' | 'Recreate'
      rollingUpdate?: { maxSurge?: IntOrString; maxUnavailable?: IntOrString }
    }
  }
  status: DeploymentStatus
}
export type DeploymentStatus = {
  observedGeneration?: number
  replicas?: number
  updatedReplicas?: number
  readyReplicas?: number
  availableReplicas?: number
  unavailableReplicas?: number
  terminatingReplicas?: number
  collisionCount?: number
  conditions?: Condition[]
}

export type ReplicaSet = KubeObject & {
  spec: { replicas: number; selector: LabelSelector; template: PodTemplate; minReadySeconds?: number }
  status: ReplicaSetStatus
}
export type ReplicaSetStatus = {
  replicas: number
  fullyLabeledReplicas?: number
  readyReplicas?: number
  availableReplicas?: number
  terminatingReplicas?: number
  observedGeneration?: number
  conditions?: Condition[]
}

export type StatefulSet = KubeObject & {
  spec: {
    replicas: number
    selector: LabelSelector
    template: PodTemplate
    serviceName?: string
    minReadySeconds?: number
    podManagementPolicy?: 'OrderedReady' | 'Parallel'
    revisionHistoryLimit?: number
    updateStrategy: {
      type: 'RollingUpdate' | 'OnDelete'
      rollingUpdate?: { partition?: number; maxUnavailable?: IntOrString }
    }
    ordinals?: { start?: number }
  }
  status: StatefulSetStatus
}
export type StatefulSetStatus = {
  observedGeneration?: number
  replicas: number
  readyReplicas?: number
  availableReplicas?: number
  currentReplicas?: number
  updatedReplicas?: number
  currentRevision?: string
  updateRevision?: string
  collisionCount?: number
}

export type DaemonSet = KubeObject & {
  spec: {
    selector: LabelSelector
    template: PodTemplate
    minReadySeconds?: number
    revisionHistoryLimit?: number
    updateStrategy: {
      type: 'RollingUpdate' | 'OnDelete'
      rollingUpdate?: { maxUnavailable?: IntOrString; maxSurge?: IntOrString }
    }
  }
  status: DaemonSetStatus
}
export type DaemonSetStatus = {
  observedGeneration?: number
  currentNumberScheduled: number
  desiredNumberScheduled: number
  numberMisscheduled: number
  numberReady: number
  numberAvailable?: number
  numberUnavailable?: number
  updatedNumberScheduled?: number
  collisionCount?: number
}

export type ControllerRevision = KubeObject & { data: { spec: { template: PodTemplate } }; revision: number }

export type Node = KubeObject & {
  spec: { unschedulable?: boolean; taints?: Taint[]; podCIDR?: string }
  status: {
    conditions?: Condition[]
    capacity?: Record<string, string>
    allocatable?: Record<string, string>
    addresses?: { type: string; address: string }[]
    daemonEndpoints?: { kubeletEndpoint?: { Port: number } }
  }
}

export type Service = KubeObject & {
  spec: {
    selector?: Record<string, string>
    type?: string
    clusterIP?: string
    ports?: { name?: string; port: number; protocol?: string; targetPort?: IntOrString; nodePort?: number }[]
    publishNotReadyAddresses?: boolean
  }
}

export type Budget = KubeObject & {
  spec: { selector?: LabelSelector; minAvailable?: IntOrString; maxUnavailable?: IntOrString }
  status: {
    disruptionsAllowed: number
    currentHealthy: number
    desiredHealthy: number
    expectedPods: number
    observedGeneration?: number
    conditions?: Condition[]
    disruptedPods?: Record<string, string>
  }
}

export type Lease = KubeObject & {
  spec: { holderIdentity?: string; renewTime?: string; leaseDurationSeconds?: number }
}

export function conditionOf(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((one) => one.type === type)
}

export function isReady(pod: Pod): boolean {
  return conditionOf(pod.status.conditions, 'Ready')?.status === 'True'
}

/** Ready for at least `minReadySeconds`. */
export function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  const ready = conditionOf(pod.status.conditions, 'Ready')
  if (ready?.status !== 'True') return false
  return (
    minReadySeconds === 0 ||
    (ready.lastTransitionTime !== undefined && Date.parse(ready.lastTransitionTime) + minReadySeconds * 1000 <= now)
  )
}

export function isActive(pod: Pod): boolean {
  return (
    pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed' && pod.metadata.deletionTimestamp === undefined
  )
}

export function controllerOf(object: KubeObject): { kind: string; name: string; uid: string } | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true)
}

/** A count, or a percentage of a total rounded up or down. */
export function scaled(value: IntOrString | undefined, total: number, up: boolean): number {
  if (value === undefined) return 0
  if (typeof value === 'number') return value
  const part = (Number.parseInt(value, 10) * total) / 100
  return up ? Math.ceil(part) : Math.floor(part)
}
