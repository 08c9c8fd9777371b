import { createBackOff } from './back-off.ts'
import { behaviourOf } from './behaviours.ts'
import type { Container } from './container-state.ts'
import { invalidMessage, notFoundMessage, parseImage } from './images.ts'
import type { PodContext } from './pod-context.ts'
import type { ContainerSpec } from './pod-spec.ts'
import { missingReference } from './references.ts'

const pullSeconds = 1.1
const failSeconds = 0.6
/** About how often a kubelet looks again at a pod that does not work. */
const syncSeconds = 11
const configSyncSeconds = 5

/** Pulls the image and looks for what the environment refers to, for as long as it takes. @returns false when the pod is over first */
export async function prepare(context: PodContext, spec: ContainerSpec, container: Container): Promise<boolean> {
  const { over } = context
  if (!(await pull(context, spec, container))) return false
  while (!over.aborted) {
    const missing = await missingReference(context.api, context.namespace, spec).catch(
      () => 'failed to sync configmap cache: timed out waiting for the condition',
    )
    if (missing === undefined) return true
    wait(context, container, 'CreateContainerConfigError', missing)
    context.event(container, 'Warning', 'Failed', `Error: ${missing}`)
    await context.clock.sleep(configSyncSeconds, over)
  }
  return false
}

function wait(context: PodContext, container: Container, reason: string, message: string): void {
  if (container.state.kind === 'terminated') container.last = container.state
  container.state = { kind: 'waiting', reason, message }
  context.changed()
}

async function pull(context: PodContext, spec: ContainerSpec, container: Container): Promise<boolean> {
  const { clock, over, images } = context
  const image = parseImage(spec.image)
  const ending = image === undefined ? 'invalid' : behaviourOf(image.tag).pull
  if (ending === 'invalid') return refuseName(context, spec, container)
  if (images.has(spec.image) && spec.imagePullPolicy !== 'Always') {
    context.event(
      container,
      'Normal',
      'Pulled',
      `Container image "${spec.image}" already present on machine and can be accessed by the pod`,
    )
    return true
  }
  const backOff = createBackOff(false)
  while (!over.aborted) {
    context.event(container, 'Normal', 'Pulling', `Pulling image "${spec.image}"`)
    await clock.sleep(ending === 'ok' ? pullSeconds : failSeconds, over)
    if (over.aborted) return false
    if (ending === 'ok') {
      images.add(spec.image)
      context.event(container, 'Normal', 'Pulled', pulledMessage(spec.image))
      return true
    }
    await failPull(context, spec, container, backOff.next(Date.now()))
  }
  return false
}

async function failPull(
  context: PodContext,
  spec: ContainerSpec,
  container: Container,
  waitSeconds: number,
): Promise<void> {
  const { clock, over } = context
  const failure = notFoundMessage(spec.image)
  context.event(container, 'Warning', 'Failed', `Failed to pull image "${spec.image}": ${failure}`)
  context.event(container, 'Warning', 'Failed', 'Error: ErrImagePull')
  wait(context, container, 'ErrImagePull', failure)
  await clock.sleep(1, over)
  for (let left = waitSeconds - 1; left > 0 && !over.aborted; left -= syncSeconds) {
    const words = `Back-off pulling image "${spec.image}"`
    wait(context, container, 'ImagePullBackOff', `${words}: ErrImagePull: ${failure}`)
    context.event(container, 'Normal', 'BackOff', words)
    context.event(container, 'Warning', 'Failed', 'Error: ImagePullBackOff')
    await clock.sleep(Math.min(syncSeconds, left), over)
  }
}

async function refuseName(context: PodContext, spec: ContainerSpec, container: Container): Promise<false> {
  const message = invalidMessage(spec.image)
  while (!context.over.aborted) {
    wait(context, container, 'InvalidImageName', message)
    context.event(container, 'Warning', 'InspectFailed', message)
    context.event(container, 'Warning', 'Failed', 'Error: InvalidImageName')
    await context.clock.sleep(syncSeconds, context.over)
  }
  return false
}

function pulledMessage(image: string): string {
  const size = 48_000_000 + image.length * 131_071
  const took = `${pullSeconds}s`
  return `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${size} bytes.`
}
