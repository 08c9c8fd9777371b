import { hasStatus } from '../../src/services/kubernetes/api/errors.ts'
import { type RawObject, textAt } from '../../src/services/kubernetes/api/json.ts'
import { pause } from '../../src/services/kubernetes/api/pause.ts'
import type { Api } from './api.ts'
import type { Clock } from './clock.ts'
import { createRecorder } from './events.ts'
import type { LogHandover } from './log-handover.ts'
import { startLogServer } from './log-server.ts'
import { conditionOf, nodeObject, nodeStatus } from './node-object.ts'
import { type Pod, startPod } from './pod.ts'

export type Node = {
  readonly name: string
  /** A pod that is assigned here, new or changed. */
  take(pod: RawObject): void
  /** A pod that is gone from the API. */
  forget(uid: string): void
  /** The Node object as the API has it now. */
  see(node: RawObject): void
  stop(): Promise<void>
}

export type NodeOptions = {
  readonly api: Api
  readonly clock: Clock
  readonly name: string
  readonly index: number
  readonly logs: LogHandover
  /** What it has pulled; kept when the machine is switched off. */
  readonly images: Set<string>
  readonly rebooted: boolean
}

/** A quarter of a lease's 40 s is what a kubelet does; twice as often leaves room for a shorter patience. */
const leaseMs = 5_000

/** One kubelet: registers its node, keeps its lease, runs the pods that are assigned to it. @throws KubernetesError */
export async function startNode(options: NodeOptions): Promise<Node> {
  const { api, clock, name, images, rebooted } = options
  const recorder = createRecorder(api, 'kubelet', name)
  const pods = new Map<string, { readonly key: string; readonly pod: Pod }>()
  const find = (namespace: string, pod: string) =>
    [...pods.values()].findLast((one) => one.key === `${namespace}/${pod}`)?.pod.containers
  const server = await startLogServer(find)
  const off = new AbortController()
  let addresses = 1
  await register(api, name, options.index, server.port)
  recorder.record(
    { kind: 'Node', metadata: { name } },
    { type: 'Normal', reason: 'Starting', message: 'Starting kubelet.' },
  )
  const beating = beat(api, name, off.signal)
  const giveAddress = (): string => {
    const taken = new Set([...pods.values()].map(({ pod }) => pod.address()))
    for (;;) {
      addresses = (addresses % 253) + 1
      const address = `10.244.${options.index + 1}.${addresses}`
      if (!taken.has(address) || taken.size > 250) return address
    }
  }
  const take = (raw: RawObject) => {
    const uid = textAt(raw, 'metadata', 'uid') ?? ''
    const known = pods.get(uid)
    if (known !== undefined) return known.pod.update(raw)
    if (off.signal.aborted) return
    const pod = startPod({
      api,
      clock,
      recorder,
      logs: options.logs,
      raw,
      images,
      hostIP: '127.0.0.1',
      giveAddress,
      rebooted,
    })
    pods.set(uid, { key: `${textAt(raw, 'metadata', 'namespace')}/${textAt(raw, 'metadata', 'name')}`, pod })
  }
  return {
    name,
    take,
    forget: (uid) => {
      pods.get(uid)?.pod.drop()
      pods.delete(uid)
    },
    see: (node) => {
      const ready = conditionOf(node, 'Ready')?.['status']
      if (ready !== 'True' && !off.signal.aborted) void postStatus(api, name, node, server.port).catch(() => undefined)
    },
    stop: async () => {
      off.abort()
      for (const { pod } of pods.values()) pod.drop()
      await Promise.all([server.stop(), beating])
    },
  }
}

async function register(api: Api, name: string, index: number, port: number): Promise<void> {
  try {
    await api.write({
      method: 'POST',
      path: '/api/v1/nodes',
      body: nodeObject(name, index, port),
      // A real API server keeps the status of a new node; the simulated one wants to be asked.
      headers: { 'x-sandbox-backdate': 'true' },
    })
  } catch (error) {
    if (!hasStatus(error, 409)) throw error
    await postStatus(api, name, await api.client.get(`/api/v1/nodes/${name}`), port)
  }
}

async function postStatus(api: Api, name: string, node: RawObject, port: number): Promise<void> {
  const body = { status: nodeStatus(node, port) }
  await api.write({ method: 'PATCH', patch: 'strategic', path: `/api/v1/nodes/${name}/status`, body })
}

/** Renews the node's lease until it is switched off; a cluster that is away is tried again at the next beat. */
async function beat(api: Api, name: string, off: AbortSignal): Promise<void> {
  const place = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases'
  while (!off.aborted) {
    const renewTime = new Date().toISOString().replace('Z', '000Z')
    const lease = { spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime } }
    try {
      await api.write({ method: 'PATCH', patch: 'merge', path: `${place}/${name}`, body: lease })
    } catch (error) {
      if (hasStatus(error, 404)) {
        const body = {
          apiVersion: 'coordination.k8s.io/v1',
          kind: 'Lease',
          metadata: { name, namespace: 'kube-node-lease' },
          ...lease,
        }
        await api.write({ method: 'POST', path: place, body }).catch(() => undefined)
      }
    }
    await pause(leaseMs, off)
  }
}
