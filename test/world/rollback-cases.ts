import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WorkloadKind } from '../../src/services/kubernetes/api/paths.ts'
import { livePods, readPods } from '../../src/services/kubernetes/pods/pods.ts'
import { sameTemplate } from '../../src/services/kubernetes/workload/template-equality.ts'
import { generationOf, read, readyPods } from '../kubernetes/apps.ts'
import { decide, execute, plan } from '../kubernetes/scenario.ts'
import { type StartControlPlane, until } from './back-end.ts'
import { type BadRelease, badReleases, isBad, told } from './bad-releases.ts'
import { troubleCases } from './rollback-trouble-cases.ts'
import {
  type AppOptions,
  brokenApp,
  failing,
  patientPace,
  podUids,
  type RollbackWorld,
  settled,
  startApp,
  startRollbackWorld,
} from './rollback-world.ts'

const kinds: readonly WorkloadKind[] = ['deployment', 'statefulset', 'daemonset']

/** Rollbacks through the bot's own operation, on whichever control plane is started. */
export function rollbackCases(title: string, start: StartControlPlane): void {
  describe(title, () => {
    let world: RollbackWorld
    beforeAll(async () => {
      world = await startRollbackWorld(start)
    })
    afterAll(() => world?.stop())

    const app = (namespace: string, more: Omit<AppOptions, 'namespace'> = {}) => startApp(world, { namespace, ...more })
    const broken = (namespace: string, more: Omit<AppOptions, 'namespace'> = {}) =>
      brokenApp(world, { namespace, ...more })

    it.concurrent.each(
      kinds.flatMap((kind) => Object.keys(badReleases).map((bad) => [kind, bad as BadRelease] as const)),
    )('a %s after a bad release (%s) is as it was before', async (kind, bad) => {
      const one = await app(`${kind}-${bad}`, { kind })
      const before = await read(one)
      await badReleases[bad](one)
      await isBad(one, bad)
      const seen = await plan(one)
      expect(seen.problems.map(({ reason }) => reason).join()).toMatch(told[bad])
      expect(seen.warnings.map(({ code }) => code)).not.toContain('ready_already')
      const { outcome } = await execute(one, seen, { pace: patientPace })
      expect(outcome).toMatchObject({ kind: 'verified', reason: 'rolled_back', detail: { revision: 3 } })
      const after = await read(one)
      expect(sameTemplate(after.template, before.template)).toBe(true)
      expect(await readyPods(one)).toBe(kind === 'daemonset' ? 3 : 2)
    })

    it.concurrent('an ordered StatefulSet: only the pod that is stuck is deleted, and the good one lives on', async () => {
      const one = await broken('stuck', { kind: 'statefulset' })
      const [good, stuck] = await podUids(one)
      const { outcome, steps } = await execute(one, await plan(one), { pace: patientPace })
      expect(outcome.reason).toBe('rolled_back')
      expect(steps).toContain('replaceStuckPods')
      const [goodAfter, stuckAfter] = await podUids(one)
      expect(goodAfter).toBe(good)
      expect(stuckAfter).not.toBe(stuck)
    })

    it.concurrent('a paused Deployment is refused with who paused it; an emergency restores and resumes in one write', async () => {
      const one = await broken('paused')
      await one.writes('kubectl-rollout', { spec: { paused: true } })
      expect(await decide(one)).toMatchObject({
        kind: 'refuse',
        reason: 'paused',
        detail: { pausedBy: { manager: 'kubectl-rollout' } },
      })
      const generation = generationOf(await read(one))
      const { outcome } = await execute(one, await plan(one, { emergency: true }), { pace: patientPace })
      expect(outcome).toMatchObject({ kind: 'verified', detail: { revision: 3 } })
      const after = await read(one)
      expect([after.paused, await one.image(), generationOf(after)]).toEqual([false, 'app:2.7.3', generation + 1])
    })

    it.concurrent('a bad template that came while it was paused is never rolled out by the emergency', async () => {
      const one = await app('paused-before')
      await one.writes('kubectl-rollout', { spec: { paused: true } })
      await one.release('2.8.0-crash')
      const seen = await plan(one, { emergency: true, toRevision: 1 })
      expect(seen).toMatchObject({ from: { source: '' }, to: { revision: 1 } })
      const { outcome } = await execute(one, seen, { pace: patientPace })
      expect(outcome).toMatchObject({ kind: 'verified', detail: { revision: 1 } })
      const { items } = await one.admin.list(`/apis/apps/v1/namespaces/${one.namespace}/replicasets`)
      expect(items).toHaveLength(1)
    })

    it.concurrent('a rollout in flight is turned round while pods of both revisions are there', async () => {
      const one = await app('in-flight', { spec: { replicas: 4 } })
      await one.release('2.8.0-slow')
      await until('both revisions have pods', async () => {
        const hashes = livePods(await readPods(one.admin, await read(one))).map((pod) => pod.podHash)
        return new Set(hashes).size === 2
      })
      const seen = await plan(one)
      expect(seen).toMatchObject({ from: { revision: 2 }, to: { revision: 1 }, readiness: { oldRevisions: [1] } })
      const { outcome } = await execute(one, seen, { pace: patientPace })
      expect(outcome).toMatchObject({
        kind: 'verified',
        detail: { counts: { desired: 4, ready: 4, updated: 4, old: 0 } },
      })
    })

    it.concurrent('two people confirm the same plan at once: it is written once', async () => {
      const one = await broken('at-once')
      const seen = await plan(one)
      const generation = generationOf(await read(one))
      const both = await Promise.all([0, 1].map(() => execute(one, seen, { pace: patientPace })))
      expect(both.map(({ outcome }) => outcome.kind).sort()).toEqual(['nothing_to_do', 'verified'])
      expect(generationOf(await read(one))).toBe(generation + 1)
      expect(await decide(one)).toMatchObject({ kind: 'refuse', reason: 'just_rolled_back' })
    })

    it.concurrent('the target does not work either: it ends early, says why, and what still serves', async () => {
      const one = await app('target-bad')
      await one.release('2.7.4-missing')
      await failing(one, 'ImagePullBackOff')
      await one.release('2.8.0')
      await settled(one)
      const { outcome } = await execute(one, await plan(one, { toRevision: 2 }))
      expect(outcome).toMatchObject({
        kind: 'failed',
        reason: 'rollout_failed',
        detail: { restored: true, why: 'ImagePullBackOff', oldReady: 2 },
      })
    })

    it.concurrent('scaled to zero: it is said, and the template is put back all the same', async () => {
      const one = await broken('to-zero')
      await one.writes('kubectl-scale', { spec: { replicas: 0 } })
      await until('no pod is left', async () => (await podUids(one)).length === 0)
      const seen = await plan(one)
      expect(seen.warnings.map(({ code }) => code)).toContain('scaled_to_zero')
      expect((await execute(one, seen)).outcome).toMatchObject({ kind: 'verified', detail: { counts: { desired: 0 } } })
      expect(await one.image()).toBe('app:2.7.3')
    })

    troubleCases(() => world)
  })
}
