import { isTrueAt, listAt, numberAt, type RawObject, textAt } from '../../src/services/kubernetes/api/json.ts'
import { type Container, newContainer, type Terminated } from './container-state.ts'
import type { PodSpec } from './pod-spec.ts'

/**
 * The containers of a pod as its status tells them, so that a kubelet that starts again goes on with them.
 * @param rebooted the machine was off: what ran there has ended
 */
export function restoreContainers(spec: PodSpec, pod: RawObject, rebooted: boolean): Container[] {
  const waitingFor = spec.initContainers.length > 0 ? 'PodInitializing' : 'ContainerCreating'
  const all = [
    ...spec.initContainers.map((one) => newContainer(one.name, one.image, true, waitingFor)),
    ...spec.containers.map((one) => newContainer(one.name, one.image, false, waitingFor)),
  ]
  const statuses = [...listAt(pod, 'status', 'initContainerStatuses'), ...listAt(pod, 'status', 'containerStatuses')]
  for (const container of all) {
    const status = statuses.find((one) => textAt(one, 'name') === container.name)
    if (status !== undefined) restore(container, status, rebooted)
  }
  return all
}

function restore(container: Container, status: unknown, rebooted: boolean): void {
  container.id = textAt(status, 'containerID') ?? ''
  container.restarts = numberAt(status, 'restartCount') ?? 0
  container.last = terminatedAt(status, 'lastState')
  const began = textAt(status, 'state', 'running', 'startedAt')
  if (began === undefined) {
    container.state = terminatedAt(status, 'state') ?? container.state
    container.ready = container.init && isTrueAt(status, 'ready')
    return
  }
  const startedAt = Date.parse(began)
  if (rebooted) {
    container.state = {
      kind: 'terminated',
      exitCode: 255,
      reason: 'Unknown',
      startedAt,
      finishedAt: Date.now(),
      id: container.id,
    }
    return
  }
  container.state = { kind: 'running', startedAt }
  container.ready = isTrueAt(status, 'ready')
  container.started = isTrueAt(status, 'started')
}

function terminatedAt(status: unknown, field: 'state' | 'lastState'): Terminated | undefined {
  const exitCode = numberAt(status, field, 'terminated', 'exitCode')
  if (exitCode === undefined) return undefined
  const text = (name: string) => textAt(status, field, 'terminated', name)
  const message = text('message')
  return {
    kind: 'terminated',
    exitCode,
    reason: text('reason') ?? '',
    ...(message === undefined ? {} : { message }),
    startedAt: Date.parse(text('startedAt') ?? '') || Date.now(),
    finishedAt: Date.parse(text('finishedAt') ?? '') || Date.now(),
    id: text('containerID') ?? '',
  }
}
