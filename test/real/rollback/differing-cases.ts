import { describe, expect, it } from 'vitest'
import { textAt } from '../../../src/services/kubernetes/api/json.ts'
import type { WorkloadKind } from '../../../src/services/kubernetes/api/paths.ts'
import { templateKey } from '../../../src/services/kubernetes/workload/template-equality.ts'
import { noteFailed, noteRelease } from '../../../src/store/releases.ts'
import { generationOf, read } from '../../kubernetes/apps.ts'
import { decide, execute, plan } from '../../kubernetes/scenario.ts'
import { until } from '../../world/back-end.ts'
import { type App, failing, patientPace, podUids, type RollbackWorld, settled } from '../../world/rollback-world.ts'
import { rolledOut, startTwins, undoByUs } from './twins.ts'

const kinds: readonly WorkloadKind[] = ['deployment', 'statefulset', 'daemonset']

/** Where the bot does something else than kubectl on purpose. */
export function differingCases(of: () => RollbackWorld): void {
  describe('on purpose not equal', () => {
    // A double click, a retry or a second person means the same rescue; kubectl would go forward to the bad release.
    it.concurrent.for(kinds)(
      'undo twice (%s): kubectl goes forward again, we stay',
      async (kind, { onTestFinished: onEnd }) => {
        const pair = await startTwins(of(), `twice-${kind}`, { onEnd, kind })
        await pair.both(async (app) => {
          await laterSecond(app)
          await rolledOut(app, '2.8.0')
        })
        await pair.undo()
        expect((await pair.kubectl('rollout', 'undo', `${kind}/porttrack-app`)).code).toBe(0)
        expect(await decide(pair.ours)).toMatchObject({ kind: 'refuse', reason: 'just_rolled_back' })
        expect([await pair.theirs.image(), await pair.ours.image()]).toEqual(['app:2.8.0', 'app:2.7.3'])
      },
    )

    // What "pause, then undo" of an emergency script means: stop the bad rollout and put the old template back.
    it.concurrent('paused: kubectl refuses; so do we, but an emergency resumes and restores in one write', async ({
      onTestFinished: onEnd,
    }) => {
      const pair = await startTwins(of(), 'paused', { onEnd })
      await pair.both(async (app) => {
        await app.release('2.8.0-crash')
        await failing(app, 'CrashLoopBackOff')
        await app.writes('kubectl-rollout', { spec: { paused: true } })
      })
      const refused = await pair.kubectl('rollout', 'undo', 'deployment/porttrack-app')
      expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('cannot rollback a paused deployment') })
      expect(await decide(pair.ours)).toMatchObject({ kind: 'refuse', reason: 'paused' })

      const before = generationOf(await read(pair.ours))
      await undoByUs(pair.ours, { emergency: true })
      expect(generationOf(await read(pair.ours))).toBe(before + 1)
      await pair.kubectl('rollout', 'resume', 'deployment/porttrack-app')
      await pair.kubectl('rollout', 'undo', 'deployment/porttrack-app')
      await settled(pair.theirs)
      const [theirs, ours] = await Promise.all([read(pair.theirs), read(pair.ours)])
      expect(ours.raw['spec']).toEqual(theirs.raw['spec'])
      expect(ours.annotations).toEqual(theirs.annotations)
    })

    // Between kubectl's `resume` and `undo` the bad template is rolled out for a moment; in one write it never is.
    it.concurrent('released while paused: ours never starts a pod of it', async ({ onTestFinished: onEnd }) => {
      const pair = await startTwins(of(), 'paused-first', { onEnd })
      await pair.both(async (app) => {
        await app.writes('kubectl-rollout', { spec: { paused: true } })
        await app.release('2.8.0-crash')
      })
      await undoByUs(pair.ours, { emergency: true, toRevision: 1 })
      await pair.kubectl('rollout', 'resume', 'deployment/porttrack-app')
      await failing(pair.theirs, 'CrashLoopBackOff')
      const sets = async (namespace: string) =>
        (await of().client.list(`/apis/apps/v1/namespaces/${namespace}/replicasets`)).items.length
      expect([await sets(pair.theirs.namespace), await sets(pair.ours.namespace)]).toEqual([2, 1])
    })

    // kubernetes#67250: the StatefulSet waits for its broken pod for ever, also after the undo. We delete that pod.
    it.concurrent('an ordered StatefulSet that is stuck: kubectl leaves it so, ours serves again', async ({
      onTestFinished: onEnd,
    }) => {
      const pair = await startTwins(of(), 'ordered', { onEnd, kind: 'statefulset' })
      await pair.both(async (app) => {
        await app.release('2.8.0-crash')
        await failing(app, 'CrashLoopBackOff')
      })
      const stuck = await podUids(pair.theirs)
      expect((await pair.kubectl('rollout', 'undo', 'statefulset/porttrack-app')).code).toBe(0)
      await undoByUs(pair.ours, {})
      expect(await podUids(pair.theirs)).toEqual(stuck)
      await failing(pair.theirs, 'CrashLoopBackOff')
      expect([await pair.theirs.image(), await pair.ours.image()]).toEqual(['app:2.7.3', 'app:2.7.3'])
    })

    // kubectl takes the number before; a revision that is known to have failed helps nobody.
    it.concurrent('two bad releases in a row: kubectl takes the first of them, we the last good one', async ({
      onTestFinished: onEnd,
    }) => {
      const pair = await startTwins(of(), 'two-bad', { onEnd })
      const { db } = of()
      await pair.both(async (app) => {
        await app.release('2.8.0-crash')
        await failing(app, 'CrashLoopBackOff')
        const { uid, template } = await read(app)
        const release = { app: 'porttrack-app', uid, templateHash: templateKey(template) }
        await noteRelease(db, { ...release, revision: 2, image: 'app:2.8.0-crash' })
        await noteFailed(db, release, 'CrashLoopBackOff')
        await app.release('2.8.1-missing')
        await failing(app, 'ImagePullBackOff')
      })
      expect((await pair.kubectl('rollout', 'undo', 'deployment/porttrack-app')).code).toBe(0)
      const { outcome } = await execute(pair.ours, await plan(pair.ours), { pace: patientPace })
      expect(outcome.kind).toBe('verified')
      expect([await pair.theirs.image(), await pair.ours.image()]).toEqual(['app:2.8.0-crash', 'app:2.7.3'])
    })
  })
}

/** ControllerRevisions are told apart by the second in which they were made. */
async function laterSecond(app: App): Promise<void> {
  const made = textAt((await read(app)).raw, 'metadata', 'creationTimestamp') ?? ''
  await until('a second has passed', async () => Date.now() >= Date.parse(made) + 1_000)
}
