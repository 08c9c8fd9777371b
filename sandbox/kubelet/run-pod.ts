import type { Container } from './container-state.ts'
import { keepContainer } from './keep-container.ts'
import type { PodContext } from './pod-context.ts'
import type { ContainerSpec, PodSpec } from './pod-spec.ts'
import { missingVolume } from './references.ts'

const mountRetrySeconds = 4

/** Waits for what the volumes refer to. @returns false when the pod is over first */
export async function mounted(context: PodContext): Promise<boolean> {
  while (!context.over.aborted) {
    const missing = await missingVolume(context.api, context.namespace, context.spec).catch(() => undefined)
    if (missing === undefined) return true
    context.event(undefined, 'Warning', 'FailedMount', missing)
    await context.clock.sleep(mountRetrySeconds, context.over)
  }
  return false
}

/** Init containers one after the other, those that stay (sidecars) in the background, then the others together. */
export async function runContainers(context: PodContext, containers: readonly Container[]): Promise<void> {
  const background: Promise<void>[] = []
  for (const spec of context.spec.initContainers) {
    const container = containers.find((one) => one.init && one.name === spec.name)
    if (container === undefined || (container.state.kind === 'terminated' && container.state.exitCode === 0)) continue
    const kept = keepContainer(context, spec, container)
    if (spec.restartPolicy === 'Always') background.push(kept)
    else await kept
    if (context.over.aborted || (container.state.kind === 'terminated' && container.state.exitCode !== 0)) break
  }
  const ready = containers.every((one) => !one.init || one.state.kind !== 'waiting')
  const failed = containers.some((one) => one.init && one.state.kind === 'terminated' && one.state.exitCode !== 0)
  if (ready && !failed && !context.over.aborted) await runApps(context, context.spec, containers)
  await Promise.all(background)
}

async function runApps(context: PodContext, spec: PodSpec, containers: readonly Container[]): Promise<void> {
  const pairs = spec.containers.flatMap((one): [ContainerSpec, Container][] => {
    const container = containers.find((other) => !other.init && other.name === one.name)
    return container === undefined ? [] : [[one, container]]
  })
  await Promise.all(pairs.map(([one, container]) => keepContainer(context, one, container)))
}
