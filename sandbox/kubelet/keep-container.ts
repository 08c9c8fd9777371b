import { createBackOff } from './back-off.ts'
import type { Container, Terminated } from './container-state.ts'
import type { PodContext } from './pod-context.ts'
import type { ContainerSpec } from './pod-spec.ts'
import { prepare } from './prepare-container.ts'
import { resumeRunning, runOnce } from './run-container.ts'

/** Between an exit and the kubelet's noticing it. */
const relistSeconds = 0.8
const syncSeconds = 11

/** Runs a container again and again with growing pauses, until its pod is over or its restart policy says enough. */
export async function keepContainer(context: PodContext, spec: ContainerSpec, container: Container): Promise<void> {
  const backOff = createBackOff(true)
  while (!context.over.aborted) {
    const resumed = container.state.kind === 'running'
    if (!resumed && !(await prepare(context, spec, container))) break
    const end = await (resumed ? resumeRunning : runOnce)(context, spec, container)
    if (end === undefined) break
    context.changed()
    if (!comesBack(context, spec, container, end)) return
    await context.clock.sleep(relistSeconds, context.over)
    await waitItsTurn(context, container, end, backOff.next(end.finishedAt))
  }
  if (!context.signal.aborted) giveUp(container)
}

function comesBack(context: PodContext, spec: ContainerSpec, container: Container, end: Terminated): boolean {
  if (context.over.aborted) return false
  const policy = context.spec.restartPolicy
  if (container.init && spec.restartPolicy !== 'Always') return end.exitCode !== 0 && policy !== 'Never'
  if (policy === 'Never') return false
  return policy === 'Always' || end.exitCode !== 0
}

async function waitItsTurn(context: PodContext, container: Container, end: Terminated, seconds: number): Promise<void> {
  if (seconds === 0 || context.over.aborted) return
  const pod = `${context.name}_${context.namespace}(${context.uid})`
  container.last = end
  container.state = {
    kind: 'waiting',
    reason: 'CrashLoopBackOff',
    message: `back-off ${goDuration(seconds)} restarting failed container=${container.name} pod=${pod}`,
  }
  context.changed()
  for (let left = seconds; left > 0 && !context.over.aborted; left -= syncSeconds) {
    context.event(
      container,
      'Warning',
      'BackOff',
      `Back-off restarting failed container ${container.name} in pod ${pod}`,
    )
    await context.clock.sleep(Math.min(syncSeconds, left), context.over)
  }
}

/** A container that waited when its pod was deleted will never run; the final status says so. */
function giveUp(container: Container): void {
  if (container.state.kind !== 'waiting') return
  const now = Date.now()
  container.state = container.last ?? {
    kind: 'terminated',
    exitCode: 137,
    reason: 'ContainerStatusUnknown',
    message: 'The container could not be located when the pod was terminated',
    startedAt: now,
    finishedAt: now,
    id: container.id,
  }
}

/** 80 -> `1m20s`, as Go writes it. */
export function goDuration(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  return minutes === 0 ? `${seconds}s` : `${minutes}m${seconds % 60}s`
}
