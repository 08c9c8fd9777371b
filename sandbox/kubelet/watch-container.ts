import type { Behaviour, ProbeKind } from './behaviours.ts'
import type { Container } from './container-state.ts'
import { parseImage, shortName } from './images.ts'
import type { PodContext } from './pod-context.ts'
import type { ContainerSpec } from './pod-spec.ts'
import { type ProbeResult, portNumber, probe } from './probes.ts'

/** One running instance of a container. */
export type Instance = {
  readonly spec: ContainerSpec
  readonly container: Container
  readonly behaviour: Behaviour
  /** ms */
  readonly startedAt: number
  /** Until it ends. */
  readonly alive: AbortSignal
}

/** Its log, line by line as it lives. */
export async function writeLog(context: PodContext, instance: Instance): Promise<void> {
  const { spec, container, behaviour, startedAt, alive } = instance
  const { clock } = context
  const port = portNumber(spec, spec.ports[0]?.name ?? spec.ports[0]?.containerPort ?? 0)
  const words: Record<string, string> = {
    name: shortName(spec.image),
    version: parseImage(spec.image)?.tag ?? '',
    port: String(port),
  }
  const resumed = Date.now() - startedAt > 5_000
  for (const { after, line } of behaviour.log) {
    const wait = after - clock.since(startedAt)
    if (wait > 0) await clock.sleep(wait, alive)
    else if (resumed) continue
    if (alive.aborted) return
    container.log.push({ at: Date.now(), text: line.replace(/\{(\w+)\}/g, (_, word: string) => words[word] ?? '') })
    context.logged(container)
  }
}

/**
 * Its probes: first the startup probe alone, then the others side by side.
 * @param onDead it must be killed and restarted
 */
export async function probeAll(
  context: PodContext,
  instance: Instance,
  onDead: (kind: 'liveness' | 'startup') => void,
): Promise<void> {
  const { spec, container, alive } = instance
  const set = (field: 'ready' | 'started', value: boolean): void => {
    if (container[field] === value || alive.aborted) return
    container[field] = value
    context.changed()
  }
  if (!container.started) {
    await ask(context, instance, 'startup', (result) =>
      result === 'passed' ? set('started', true) : onDead('startup'),
    )
    if (!container.started || alive.aborted) return
    if (spec.readinessProbe === undefined) set('ready', true)
  }
  void ask(context, instance, 'readiness', (result) => set('ready', result === 'passed'))
  // Deletion ends liveness probing; readiness goes on to the end.
  void ask(context, instance, 'liveness', (result) => {
    if (result === 'failed' && !context.stopping.aborted) onDead('liveness')
  })
}

async function ask(
  context: PodContext,
  { spec, container, behaviour, startedAt, alive }: Instance,
  kind: ProbeKind,
  onResult: (result: ProbeResult) => void,
): Promise<void> {
  const wanted = spec[`${kind}Probe`]
  if (wanted === undefined) return
  await probe({
    kind,
    spec: wanted,
    container: spec,
    behaviour,
    podIP: context.podIP(),
    startedAt,
    clock: context.clock,
    signal: alive,
    hanging: context.hanging,
    onFailure: (message) => context.event(container, 'Warning', 'Unhealthy', message),
    onResult,
  })
}
