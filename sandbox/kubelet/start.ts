import { pino } from 'pino'
import { type RawObject, textAt } from '../../src/services/kubernetes/api/json.ts'
import { startReflector } from '../../src/services/kubernetes/watch/reflector.ts'
import { connectApi } from './api.ts'
import { createClock } from './clock.ts'
import { createLogHandover } from './log-handover.ts'
import { type Node, startNode } from './node.ts'
import { startScheduler } from './scheduler.ts'

export type Kubelet = {
  stop(): Promise<void>
  /** As if the machine lost its power: nothing is told to the API any more. */
  stopNode(name: string): Promise<void>
  /** The machine is back; its containers start again. */
  startNode(name: string): Promise<void>
}

export type KubeletOptions = {
  readonly kubeconfig: string
  /** Names of the nodes to play. */
  readonly nodes: readonly string[]
  /** How many times faster than in life pods start, are probed and fail; 1 if absent. */
  readonly speed?: number
}

type Kept = { readonly uid: string; readonly namespace: string; readonly name: string; readonly raw: RawObject }

const project = (raw: RawObject): Kept => ({
  uid: textAt(raw, 'metadata', 'uid') ?? '',
  namespace: textAt(raw, 'metadata', 'namespace') ?? '',
  name: textAt(raw, 'metadata', 'name') ?? '',
  raw,
})

/**
 * Plays the nodes of a cluster and its scheduler, as a client of the API alone: the simulated cluster and a real control plane
 * alike. What containers do is told by their image's tag (behaviours.ts). Resolves when the nodes are registered.
 * @throws KubernetesError when the nodes cannot be registered; RangeError from startNode and stopNode for an unknown name
 */
export async function startKubelet({ kubeconfig, nodes: names, speed = 1 }: KubeletOptions): Promise<Kubelet> {
  const api = connectApi(kubeconfig, 'kubelet')
  const scheduling = connectApi(kubeconfig, 'kube-scheduler')
  const clock = createClock(speed)
  const scheduler = startScheduler(scheduling)
  const off = new AbortController()
  const logs = createLogHandover(api)
  const machines = names.map((name, index) => ({ api, clock, logs, name, index, images: new Set<string>() }))
  const nodes = new Map<string, Node>()
  const machine = (name: string) => {
    const found = machines.find((one) => one.name === name)
    if (found === undefined) throw new RangeError(`no node is called ${name}; there are ${names.join(', ')}`)
    return found
  }
  try {
    await Promise.all(machines.map(async (one) => nodes.set(one.name, await startNode({ ...one, rebooted: false }))))
  } catch (error) {
    await Promise.all([...nodes.values()].map((node) => node.stop()))
    await Promise.all([scheduler.stop(), api.close(), scheduling.close()])
    throw error
  }
  const shared = {
    client: api.client,
    signal: off.signal,
    log: pino({ level: 'silent' }),
    longestPauseMs: 3_000,
    project,
  }
  const watchedNodes = startReflector<Kept>({
    ...shared,
    path: '/api/v1/nodes',
    onChange: ({ name, raw }) => {
      scheduler.seeNode(raw)
      nodes.get(name)?.see(raw)
    },
    onRemove: ({ name }) => scheduler.forgetNode(name),
  })
  const watchedPods = startReflector<Kept>({
    ...shared,
    path: '/api/v1/pods',
    onChange: ({ raw }) => {
      scheduler.see(raw)
      nodes.get(textAt(raw, 'spec', 'nodeName') ?? '')?.take(raw)
    },
    onRemove: ({ uid }) => {
      scheduler.forget(uid)
      for (const node of nodes.values()) node.forget(uid)
    },
  })
  await Promise.all([watchedNodes.synced, watchedPods.synced])
  return {
    stopNode: async (name) => {
      machine(name)
      const node = nodes.get(name)
      nodes.delete(name)
      await node?.stop()
    },
    startNode: async (name) => {
      const options = machine(name)
      if (nodes.has(name)) return
      const node = await startNode({ ...options, rebooted: true })
      nodes.set(name, node)
      for (const { raw } of watchedPods.values()) if (textAt(raw, 'spec', 'nodeName') === name) node.take(raw)
    },
    stop: async () => {
      off.abort()
      await Promise.all([
        scheduler.stop(),
        watchedNodes.done,
        watchedPods.done,
        ...[...nodes.values()].map((node) => node.stop()),
      ])
      await logs.settled()
      await Promise.all([api.close(), scheduling.close()])
    },
  }
}
