import type { Container, ContainerStatus, Pod } from '../kinds.ts'
import { conditionOf } from '../kinds.ts'
import { age } from './age.ts'

/** The cells of a pod; after printPod of pkg/printers/internalversion. */
export function podRow(pod: Pod): unknown[] {
  const summary = podSummary(pod)
  const total = pod.spec.containers.length + (pod.spec.initContainers ?? []).filter(restartable).length
  const restarts =
    summary.restarts === 0 || summary.lastRestart === undefined
      ? String(summary.restarts)
      : `${summary.restarts} (${age(summary.lastRestart)} ago)`
  return [
    pod.metadata.name,
    `${summary.ready}/${total}`,
    summary.status,
    restarts,
    age(pod.metadata.creationTimestamp),
    pod.status.podIPs?.[0]?.ip ?? '<none>',
    pod.spec.nodeName || '<none>',
    '<none>',
    '<none>',
  ]
}

export type PodSummary = {
  readonly status: string
  readonly ready: number
  readonly restarts: number
  readonly lastRestart: string | undefined
}

/** The word that kubectl shows for a pod, its ready containers and restarts. */
export function podSummary(pod: Pod): PodSummary {
  const scheduling = conditionOf(pod.status.conditions, 'PodScheduled')
  let status: string =
    scheduling?.reason === 'SchedulingGated' ? 'SchedulingGated' : (pod.status.reason ?? pod.status.phase ?? '')
  const init = initStatus(pod)
  const initialized = conditionOf(pod.status.conditions, 'Initialized')?.status === 'True'
  let counts = { ready: 0, restarts: init.restarts, lastRestart: init.lastRestart }
  if (init.status !== undefined && !initialized) status = init.status
  else {
    const main = mainStatus(pod, status)
    status = main.status
    counts = main
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (pod.status.reason === 'NodeLost') status = 'Unknown'
    else if (pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed') status = 'Terminating'
  }
  return { ...counts, status }
}

function restartable(container: Container): boolean {
  return (container as { restartPolicy?: string }).restartPolicy === 'Always'
}

function initStatus(pod: Pod): { status: string | undefined; restarts: number; lastRestart: string | undefined } {
  const all = pod.status.initContainerStatuses ?? []
  let restarts = 0
  for (const [index, one] of all.entries()) {
    restarts += one.restartCount
    const { terminated, waiting } = one.state
    if (terminated?.exitCode === 0) continue
    const lastRestart = latest(all)
    if (terminated !== undefined)
      return { status: `Init:${terminated.reason || `ExitCode:${terminated.exitCode}`}`, restarts, lastRestart }
    if (waiting?.reason && waiting.reason !== 'PodInitializing')
      return { status: `Init:${waiting.reason}`, restarts, lastRestart }
    return { status: `Init:${index}/${pod.spec.initContainers?.length ?? 0}`, restarts, lastRestart }
  }
  return { status: undefined, restarts, lastRestart: latest(all) }
}

function mainStatus(
  pod: Pod,
  phase: string,
): { status: string; ready: number; restarts: number; lastRestart: string | undefined } {
  const all = pod.status.containerStatuses ?? []
  let status = phase
  let ready = 0
  let running = false
  let error = ''
  for (const one of [...all].reverse()) {
    const { waiting, terminated, running: up } = one.state
    if (waiting?.reason) status = waiting.reason
    else if (terminated !== undefined) {
      status = terminated.reason || `ExitCode:${terminated.exitCode}`
      if (terminated.exitCode !== 0) error = status
    } else if (one.ready && up !== undefined) {
      running = true
      ready += 1
    }
  }
  if (status === 'Completed') {
    if (running && conditionOf(pod.status.conditions, 'Ready')?.status === 'True') status = 'Running'
    else if (error !== '') status = error
    else if (running) status = 'NotReady'
  }
  return { status, ready, restarts: all.reduce((sum, one) => sum + one.restartCount, 0), lastRestart: latest(all) }
}

function latest(all: readonly ContainerStatus[]): string | undefined {
  return all
    .map((one) => one.lastState.terminated?.finishedAt)
    .filter((time) => time !== undefined)
    .sort()
    .at(-1)
}
