import { randomBytes } from 'node:crypto'
import { type Behaviour, behaviourOf } from './behaviours.ts'
import type { Container, Terminated } from './container-state.ts'
import { parseImage } from './images.ts'
import type { PodContext } from './pod-context.ts'
import type { ContainerSpec } from './pod-spec.ts'
import { probeAll, writeLog } from './watch-container.ts'

/** Why a running container is made to end. */
type Kill = { readonly reason: 'deleted' } | { readonly reason: 'probe'; readonly kind: 'liveness' | 'startup' }

const createSeconds = 0.4
const stopSeconds = 0.7
const hungSeconds = 2

/**
 * One instance of a container from its creation to its end.
 * @returns undefined when the kubelet itself stops first
 */
export async function runOnce(
  context: PodContext,
  spec: ContainerSpec,
  container: Container,
): Promise<Terminated | undefined> {
  const behaviour = behaviourFor(spec, container)
  await context.clock.sleep(createSeconds, context.over)
  if (context.over.aborted) return undefined
  if (container.id !== '') container.restarts += 1
  if (container.state.kind === 'terminated') container.last = container.state
  begin(context, spec, container)
  return follow(context, spec, container, behaviour)
}

/** Goes on with an instance that already runs, as after a restart of the kubelet. */
export async function resumeRunning(
  context: PodContext,
  spec: ContainerSpec,
  container: Container,
): Promise<Terminated | undefined> {
  return follow(context, spec, container, behaviourFor(spec, container))
}

function behaviourFor(spec: ContainerSpec, container: Container): Behaviour {
  const behaviour = behaviourOf(parseImage(spec.image)?.tag ?? '')
  if (!container.init || spec.restartPolicy === 'Always' || behaviour.ends !== undefined) return behaviour
  return { ...behaviour, ends: { after: 0.6, exitCode: 0, reason: 'Completed' }, log: behaviour.log.slice(0, 1) }
}

function begin(context: PodContext, spec: ContainerSpec, container: Container): void {
  container.id = `containerd://${randomBytes(32).toString('hex')}`
  container.state = { kind: 'running', startedAt: Date.now() }
  container.started = spec.startupProbe === undefined
  const ends = container.init && spec.restartPolicy !== 'Always'
  container.ready = container.started && spec.readinessProbe === undefined && !ends
  container.previousLog = container.log
  container.log = []
  context.logged(container)
  context.event(container, 'Normal', 'Created', 'Container created')
  context.event(container, 'Normal', 'Started', 'Container started')
  context.changed()
}

async function follow(
  context: PodContext,
  spec: ContainerSpec,
  container: Container,
  behaviour: Behaviour,
): Promise<Terminated | undefined> {
  const { clock, signal, stopping } = context
  const startedAt = container.state.kind === 'running' ? container.state.startedAt : Date.now()
  const ended = new AbortController()
  const alive = AbortSignal.any([signal, ended.signal])
  const kill = killer(stopping, alive)
  const instance = { spec, container, behaviour, startedAt, alive }
  void writeLog(context, instance)
  void probeAll(context, instance, (kind) => kill.by({ reason: 'probe', kind }))
  const own = behaviour.ends
  const byItself =
    own === undefined ? new Promise<never>(() => {}) : clock.sleep(own.after - clock.since(startedAt), alive)
  const cause = await Promise.race([kill.asked, byItself.then(() => undefined)])
  if (signal.aborted) {
    ended.abort()
    return undefined
  }
  const exit =
    cause === undefined && own !== undefined ? own : await stop(context, container, cause ?? { reason: 'deleted' })
  ended.abort()
  return exit === undefined ? undefined : terminate(spec, container, exit, startedAt)
}

function killer(
  stopping: AbortSignal,
  alive: AbortSignal,
): { readonly asked: Promise<Kill | undefined>; by(kill: Kill): void } {
  let by: (kill: Kill | undefined) => void = () => {}
  const asked = new Promise<Kill | undefined>((resolve) => {
    by = resolve
    if (stopping.aborted) resolve({ reason: 'deleted' })
    stopping.addEventListener('abort', () => resolve({ reason: 'deleted' }), { once: true, signal: alive })
    alive.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  return { asked, by }
}

/** A container that serves ends at SIGTERM; one that hangs is killed. */
async function stop(context: PodContext, container: Container, kill: Kill) {
  const words =
    kill.reason === 'deleted'
      ? `Stopping container ${container.name}`
      : `Container ${container.name} failed ${kill.kind} probe, will be restarted`
  context.event(container, 'Normal', 'Killing', words)
  const hung = kill.reason === 'probe'
  if (!hung) {
    container.log.push({ at: Date.now(), text: 'INFO  received SIGTERM, closing' })
    context.logged(container)
  }
  await context.clock.sleep(hung ? hungSeconds : stopSeconds, context.signal)
  if (context.signal.aborted) return undefined
  return hung ? { exitCode: 137, reason: 'Error' } : { exitCode: 0, reason: 'Completed' }
}

function terminate(
  spec: ContainerSpec,
  container: Container,
  exit: { exitCode: number; reason: string },
  startedAt: number,
): Terminated {
  const fromLog = spec.terminationMessagePolicy === 'FallbackToLogsOnError' && exit.exitCode !== 0
  const message = fromLog ? container.log.map((line) => line.text).join('\n') : ''
  const end: Terminated = {
    kind: 'terminated',
    exitCode: exit.exitCode,
    reason: exit.reason,
    ...(message === '' ? {} : { message: `${message}\n`.slice(-2048) }),
    startedAt,
    finishedAt: Date.now(),
    id: container.id,
  }
  container.state = end
  container.ready = container.init && exit.exitCode === 0
  container.started = false
  return end
}
