import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { type Kubelet, startKubelet } from '../../sandbox/kubelet/start.ts'
import { connectCluster } from '../../src/services/kubernetes/api/client.ts'
import { isRecord, listAt, type RawObject, textAt } from '../../src/services/kubernetes/api/json.ts'
import type { ClusterClient } from '../../src/services/kubernetes/api/types.ts'

/** An API server with its controllers: the simulated one or a real control plane. */
export type ControlPlane = {
  readonly kubeconfig: string
  /** The API server goes away, `during` runs, and it is back at the same address. */
  outage(during: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}
export type StartControlPlane = () => Promise<ControlPlane>

export type BackEnd = {
  readonly kubeconfig: string
  readonly client: ClusterClient
  kubelet: Kubelet
  outage: ControlPlane['outage']
  stop(): Promise<void>
}

export const nodes = ['node-a', 'node-b', 'node-c']
/** Probe periods of 10 s pass in one. */
export const speed = 10

export async function startBackEnd(start: StartControlPlane): Promise<BackEnd> {
  const plane = await start()
  const client = connectCluster(
    { kubeconfig: plane.kubeconfig, impersonate: false },
    { log: pino({ level: 'silent' }) },
  )
  const kubelet = await startKubelet({ kubeconfig: plane.kubeconfig, nodes, speed })
  const backEnd: BackEnd = {
    kubeconfig: plane.kubeconfig,
    client,
    kubelet,
    outage: plane.outage,
    stop: async () => {
      await backEnd.kubelet.stop()
      await client.close()
      await plane.stop()
    },
  }
  await until('three nodes are ready and free', async () => {
    const { items } = await client.list('/api/v1/nodes')
    const ready = items.filter(
      (node) => conditionOf(node, 'Ready') === 'True' && listAt(node, 'spec', 'taints').length === 0,
    )
    return ready.length === nodes.length
  })
  return backEnd
}

export function conditionOf(object: RawObject, type: string): string | undefined {
  return textAt(
    listAt(object, 'status', 'conditions').find((one) => textAt(one, 'type') === type),
    'status',
  )
}

/** The first container's status. */
export function container(pod: RawObject | undefined): RawObject {
  const [status] = listAt(pod, 'status', 'containerStatuses')
  return isRecord(status) ? status : {}
}

export function pods(client: ClusterClient, namespace: string, app: string): Promise<readonly RawObject[]> {
  return client
    .list(`/api/v1/namespaces/${namespace}/pods`, { labelSelector: `app=${app}` })
    .then((answer) => answer.items)
}

export async function events(client: ClusterClient, namespace: string, name: string): Promise<readonly RawObject[]> {
  const { items } = await client.list(`/api/v1/namespaces/${namespace}/events`, {
    fieldSelector: `involvedObject.name=${name}`,
  })
  return items
}

/** Asks again, gently, until the answer is there. @throws Error that says what was waited for, after `seconds` */
export async function until<T>(what: string, ask: () => Promise<T | undefined | false>, seconds = 60): Promise<T> {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`)
    await sleep(200)
  }
}
