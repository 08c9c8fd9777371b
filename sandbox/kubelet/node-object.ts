import { type RawObject, recordAt, textAt } from '../../src/services/kubernetes/api/json.ts'
import { timestamp } from './clock.ts'

const capacity = { cpu: '4', memory: '8147204Ki', pods: '110', 'ephemeral-storage': '61255492Ki', 'hugepages-2Mi': '0' }
const allocatable = { ...capacity, memory: '8044804Ki', 'ephemeral-storage': '56453061334' }

/** A node as its kubelet registers it. The address is this machine's: the API server fetches logs there. */
export function nodeObject(name: string, index: number, port: number): RawObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'topology.kubernetes.io/region': 'local',
        'topology.kubernetes.io/zone': `local-${String.fromCharCode(97 + (index % 3))}`,
      },
    },
    spec: {},
    status: nodeStatus(undefined, port),
  }
}

/** @param node as the API has it, so that the times of its last changes stay */
export function nodeStatus(node: RawObject | undefined, port: number): RawObject {
  return {
    capacity,
    allocatable,
    conditions: conditions(node),
    addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
    nodeInfo: {
      machineID: '',
      systemUUID: '',
      bootID: '',
      kernelVersion: '6.12.0',
      osImage: 'Debian GNU/Linux 13 (trixie)',
      containerRuntimeVersion: 'containerd://2.2.0',
      kubeletVersion: 'v1.36.3',
      kubeProxyVersion: '',
      operatingSystem: 'linux',
      architecture: 'amd64',
    },
  }
}

const healthy = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const

function conditions(node: RawObject | undefined): RawObject[] {
  const now = timestamp()
  return healthy.map(([type, status, reason, message]) => {
    const before = conditionOf(node, type)
    const since = before?.['status'] === status ? textAt(before, 'lastTransitionTime') : undefined
    return { type, status, reason, message, lastHeartbeatTime: now, lastTransitionTime: since ?? now }
  })
}

export function conditionOf(object: RawObject | undefined, type: string): RawObject | undefined {
  const list = recordAt(object, 'status')['conditions']
  return Array.isArray(list) ? list.find((one) => textAt(one, 'type') === type) : undefined
}
