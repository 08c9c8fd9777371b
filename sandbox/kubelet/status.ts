import { listAt, type RawObject, textAt } from '../../src/services/kubernetes/api/json.ts'
import { timestamp } from './clock.ts'
import type { Container } from './container-state.ts'
import { digestOf } from './images.ts'

/** What the status of a pod is written from. */
export type PodFacts = {
  readonly generation: number | undefined
  /** Of the pod's own status, so that transition times stay. */
  readonly conditions: readonly unknown[]
  readonly containers: readonly Container[]
  readonly hostIP: string
  /** Empty before its network is there. */
  readonly podIP: string
  /** What the API has; the patch merges addresses, so another one must replace it. */
  readonly podIPBefore: string
  /** ms */
  readonly startedAt: number
  /** All containers have ended and none comes back. */
  readonly finished: boolean
  readonly gates: readonly string[]
}

/** The status of a pod as a kubelet writes it: phase, conditions, containers. Pure. */
export function podStatus(facts: PodFacts, now: number): RawObject {
  const { containers, hostIP, podIP } = facts
  const moved = facts.podIPBefore !== '' && facts.podIPBefore !== podIP
  const apps = containers.filter((container) => !container.init)
  const inits = containers.filter((container) => container.init)
  return {
    ...(facts.generation === undefined ? {} : { observedGeneration: facts.generation }),
    phase: phaseOf(facts, apps),
    conditions: conditionsOf(facts, apps, inits, now),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(podIP === '' ? {} : { podIP, podIPs: moved ? [{ $patch: 'replace' }, { ip: podIP }] : [{ ip: podIP }] }),
    startTime: timestamp(facts.startedAt),
    ...(inits.length === 0 ? {} : { initContainerStatuses: inits.map(containerStatus) }),
    containerStatuses: apps.map(containerStatus),
  }
}

function phaseOf(facts: PodFacts, apps: readonly Container[]): string {
  if (facts.finished) {
    const well = facts.containers.every((one) => one.state.kind === 'terminated' && one.state.exitCode === 0)
    return well ? 'Succeeded' : 'Failed'
  }
  const begun = apps.every((one) => one.state.kind !== 'waiting' || one.last !== undefined)
  return begun && apps.length > 0 ? 'Running' : 'Pending'
}

function conditionsOf(
  facts: PodFacts,
  apps: readonly Container[],
  inits: readonly Container[],
  now: number,
): RawObject[] {
  const waiting = inits.filter((one) => !(one.ready || (one.state.kind === 'terminated' && one.state.exitCode === 0)))
  const unready = apps.filter((one) => !one.ready)
  const ended = { Succeeded: 'PodCompleted', Failed: 'PodFailed' }[phaseOf(facts, apps)]
  const containersReady = ended !== undefined ? why(ended) : listed('ContainersNotReady', 'unready status', unready)
  const gate = facts.gates.find((type) => conditionOf(facts.conditions, type)?.['status'] !== 'True')
  const gated =
    gate === undefined
      ? undefined
      : why('ReadinessGatesNotReady', `corresponding condition of pod readiness gate "${gate}" does not exist.`)
  const wanted: readonly (readonly [string, Cause | undefined])[] = [
    ['PodReadyToStartContainers', facts.podIP === '' || facts.finished ? why() : undefined],
    ['Initialized', listed('ContainersNotInitialized', 'incomplete status', waiting)],
    ['Ready', containersReady ?? gated],
    ['ContainersReady', containersReady],
    ['PodScheduled', undefined],
  ]
  return wanted.map(([type, cause]) => condition(facts, type, cause, now))
}

type Cause = { readonly reason: string | undefined; readonly message: string | undefined }
const why = (reason?: string, message?: string): Cause => ({ reason, message })

function listed(reason: string, what: string, containers: readonly Container[]): Cause | undefined {
  if (containers.length === 0) return undefined
  return why(reason, `containers with ${what}: [${containers.map((one) => one.name).join(' ')}]`)
}

/** An empty reason or message is written as null where there was one: the patch merges conditions by their type. */
function condition(facts: PodFacts, type: string, cause: Cause | undefined, now: number): RawObject {
  const status = cause === undefined ? 'True' : 'False'
  const before = conditionOf(facts.conditions, type)
  const same = before?.['status'] === status
  const field = (name: 'reason' | 'message'): RawObject => {
    const text = cause?.[name]
    if (text !== undefined) return { [name]: text }
    return before?.[name] === undefined ? {} : { [name]: null }
  }
  return {
    type,
    status,
    ...(facts.generation === undefined ? {} : { observedGeneration: facts.generation }),
    lastProbeTime: null,
    lastTransitionTime: (same ? textAt(before, 'lastTransitionTime') : undefined) ?? timestamp(now),
    ...field('reason'),
    ...field('message'),
  }
}

function conditionOf(conditions: readonly unknown[], type: string): RawObject | undefined {
  return conditions.find((one): one is RawObject => textAt(one, 'type') === type)
}

function containerStatus(container: Container): RawObject {
  return {
    name: container.name,
    image: container.image,
    imageID: container.id === '' ? '' : `${container.image.split(':')[0] ?? ''}@${digestOf(container.image)}`,
    ...(container.id === '' ? {} : { containerID: container.id }),
    state: stateOf(container.state),
    lastState: container.last === undefined ? {} : stateOf(container.last),
    ready: container.ready,
    started: container.started,
    restartCount: container.restarts,
  }
}

function stateOf(state: Container['state']): RawObject {
  if (state.kind === 'waiting')
    return { waiting: { reason: state.reason, ...(state.message === undefined ? {} : { message: state.message }) } }
  if (state.kind === 'running') return { running: { startedAt: timestamp(state.startedAt) } }
  return {
    terminated: {
      exitCode: state.exitCode,
      reason: state.reason,
      ...(state.message === undefined ? {} : { message: state.message }),
      startedAt: timestamp(state.startedAt),
      finishedAt: timestamp(state.finishedAt),
      containerID: state.id,
    },
  }
}

/** The conditions of a pod that came from the API. */
export function conditionsIn(pod: RawObject): readonly unknown[] {
  return listAt(pod, 'status', 'conditions')
}
