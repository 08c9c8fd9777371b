import { pause } from '../../src/services/kubernetes/api/pause.ts'
import { type Behaviour, type Fault, faultAt, type ProbeKind, settledAfter } from './behaviours.ts'
import type { Clock } from './clock.ts'
import type { ContainerSpec, ProbeSpec } from './pod-spec.ts'

export type ProbeResult = 'passed' | 'failed'

export type Probing = {
  readonly kind: ProbeKind
  readonly spec: ProbeSpec
  readonly container: ContainerSpec
  readonly behaviour: Behaviour
  readonly podIP: string
  /** ms */
  readonly startedAt: number
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly hanging: AbortSignal
  /** Every failure, below the threshold too. */
  readonly onFailure: (message: string) => void
  /** Each time that a threshold is reached. */
  readonly onResult: (result: ProbeResult) => void
}

/** A probe is first asked this long after the start, when nothing else is said; a kubelet takes any moment of the first period. */
const firstAfter = 1

/**
 * Asks again and again, as kubelet/prober does: consecutive results count, a startup probe ends with its first result, and a
 * failed liveness probe waits for the next container.
 */
export async function probe(probing: Probing): Promise<void> {
  const { kind, spec, behaviour, startedAt, clock, signal } = probing
  let last: ProbeResult | undefined
  let run = 0
  const wait = Math.max(spec.initialDelaySeconds, firstAfter) - clock.since(startedAt)
  if (wait > 0) await clock.sleep(wait, signal)
  while (!signal.aborted) {
    const age = clock.since(startedAt)
    const fault = probing.hanging.aborted ? 'hung' : faultAt(behaviour, kind, age)
    const result = fault === undefined ? 'passed' : 'failed'
    run = result === last ? run + 1 : 1
    last = result
    if (fault !== undefined) probing.onFailure(failureMessage(probing, fault))
    const needed = result === 'passed' ? spec.successThreshold : spec.failureThreshold
    if (run >= needed) {
      probing.onResult(result)
      if (kind === 'startup' || (kind === 'liveness' && result === 'failed')) return
      // Nothing can change any more but by hanging: no need to ask until then.
      if (result === 'passed' && age > settledAfter(behaviour))
        await pause(86_400_000, AbortSignal.any([signal, probing.hanging]))
    }
    if (signal.aborted) return
    await clock.sleep(spec.periodSeconds, signal)
  }
}

const titles = { startup: 'Startup', liveness: 'Liveness', readiness: 'Readiness' } as const

function failureMessage({ kind, spec, container, podIP }: Probing, fault: Fault): string {
  return `${titles[kind]} probe failed: ${outputOf(spec, container, podIP, fault)}`
}

function outputOf(spec: ProbeSpec, container: ContainerSpec, podIP: string, fault: Fault): string {
  if (spec.httpGet !== undefined) {
    if (fault === 'hung')
      return `Get "${urlOf(spec.httpGet, container, podIP)}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`
    if (fault !== 'refused') return `HTTP probe failed with statuscode: ${fault === 'broken' ? 500 : 503}`
    const address = `${podIP}:${portNumber(container, spec.httpGet.port)}`
    return `Get "${urlOf(spec.httpGet, container, podIP)}": dial tcp ${address}: connect: connection refused`
  }
  if (spec.tcpSocket !== undefined)
    return `dial tcp ${podIP}:${portNumber(container, spec.tcpSocket.port)}: ${fault === 'hung' ? 'i/o timeout' : 'connect: connection refused'}`
  if (spec.grpc !== undefined) return 'service unhealthy (responded with "NOT_SERVING")'
  return { refused: 'connection refused', hung: 'command timed out', unavailable: 'not ready', broken: 'not alive' }[
    fault
  ]
}

function urlOf(get: NonNullable<ProbeSpec['httpGet']>, container: ContainerSpec, podIP: string): string {
  return `${get.scheme.toLowerCase()}://${podIP}:${portNumber(container, get.port)}${get.path}`
}

export function portNumber(container: ContainerSpec, port: number | string): number {
  if (typeof port === 'number') return port
  return container.ports.find((one) => one.name === port)?.containerPort ?? (Number(port) || 0)
}
