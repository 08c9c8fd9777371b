import type { RawObject } from '../../../src/services/kubernetes/api/json.ts'
import { type AppWords, complete, event, iso, type PodWords, pod, released, type Scene } from './scene.ts'

/** What is seen, one after the other: an object, seconds that pass, or what else happens. */
export type Seen = RawObject | number | ((here: Scene) => void)

/** A release of such an app, and what was seen of it. */
export function play(app: AppWords, seen: readonly Seen[]): Scene {
  const here = released(app)
  for (const one of seen) {
    if (typeof one === 'number') here.pass(one)
    else if (typeof one === 'function') one(here)
    else here.see(one)
  }
  return here
}

const http = { httpGet: { path: '/', port: 3000 } }
/** An app with probes as they are by default, in the middle of its rollout. */
export const probed: AppWords = { container: { readinessProbe: http, livenessProbe: http } }
export const startup: AppWords = { container: { readinessProbe: http, startupProbe: http } }
export const quick: AppWords = { container: { readinessProbe: { ...http, periodSeconds: 1, failureThreshold: 1 } } }
const told = (words: AppWords, ...conditions: readonly RawObject[]): AppWords => ({ ...words, conditions })
/** The same after its rollout. */
export const out = (...conditions: readonly RawObject[]): AppWords =>
  told({ ...probed, updated: 3, total: 3 }, complete, ...conditions)
export const rolling = (...conditions: readonly RawObject[]): AppWords => told(probed, ...conditions)

export const unavailable = { type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable', message: 'few' }
export const cannotMake = (message: string): RawObject => ({
  type: 'ReplicaFailure',
  status: 'True',
  reason: 'FailedCreate',
  message,
})
export const givenUp = (at: number): RawObject => ({
  type: 'Progressing',
  status: 'False',
  reason: 'ProgressDeadlineExceeded',
  message: 'ReplicaSet "web-newhash" has timed out progressing.',
  lastUpdateTime: iso(at),
})

export const failed = { exitCode: 1, reason: 'Error' }
export const oom = { exitCode: 137, reason: 'OOMKilled' }
export const loop: PodWords = { restarts: 1, waits: { reason: 'CrashLoopBackOff' }, last: failed }
export const looping = pod('a', loop)
export const died = (name: string, more: PodWords = {}): RawObject => pod(name, { ended: failed, ...more })
export const waits = (
  reason: string,
  message = 'failed to resolve reference: not found',
  more: PodWords = {},
): RawObject => pod('a', { waits: { reason, message }, ...more })
export const runs = (more: PodWords = {}): RawObject => pod('a', { runs: 1, ...more })
/** It was ready after 2 s and is not any more, after 40. */
export const hangs = (name: string, more: PodWords = {}): RawObject =>
  pod(name, { runs: 2, readyAt: 40, ready: false, ...more })
export const nowhere = (message: string): RawObject =>
  waits('ContainerCreating', '', { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', message }] })
export const preempted = runs({
  conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }],
})

export const killed = (what: string, count = 1): RawObject =>
  event('uid-a', 'Killing', `Container app failed ${what} probe, will be restarted`, count)
export const unready = (count: number, name = 'a'): RawObject =>
  event(`uid-${name}`, 'Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503', count)
export const refused = (count: number): RawObject =>
  event(
    'uid-a',
    'Unhealthy',
    'Readiness probe failed: Get "http://10.0.0.1/": dial tcp: connect: connection refused',
    count,
  )
export const unmounted = (count: number): RawObject =>
  event('uid-a', 'FailedMount', 'MountVolume.SetUp failed for volume "keys" : secret "keys" not found', count)
