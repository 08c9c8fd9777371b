import { describe, expect, it } from 'vitest'
import { generationOf, read } from '../kubernetes/apps.ts'
import { execute, plan } from '../kubernetes/scenario.ts'
import { atThePatch, remove, signal, startWeb } from './rollback-trouble.ts'
import { brokenApp, createWorkload, patientPace, type RollbackWorld } from './rollback-world.ts'

/** What may happen between the plan and the end of a rollback. @param of the world that the other cases use */
export function troubleCases(of: () => RollbackWorld): void {
  const broken = (namespace: string) => brokenApp(of(), { namespace })

  describe('the world moves', () => {
    it.concurrent('somebody scales it after the plan was shown: refused with who, and nothing is changed', async () => {
      const one = await broken('moved')
      const seen = await plan(one)
      await one.writes('kubectl-scale', { spec: { replicas: 3 } })
      const generation = generationOf(await read(one))
      expect((await execute(one, seen)).outcome).toMatchObject({
        kind: 'refused',
        reason: 'world_moved',
        detail: { restored: false, moved: [{ field: 'replicas', before: '2', after: '3', by: 'kubectl-scale' }] },
      })
      expect(generationOf(await read(one))).toBe(generation)
    })

    it.concurrent('a release in the moment between the look and the write is not overwritten', async () => {
      const one = await broken('between')
      const seen = await plan(one)
      const { outcome } = await execute(atThePatch(one, { before: () => one.release('2.8.1') }), seen)
      expect(outcome).toMatchObject({
        kind: 'refused',
        reason: 'world_moved',
        detail: { moved: [{ field: 'template', changes: [{ path: 'image (app)', after: 'app:2.8.1' }] }] },
      })
      expect(await one.image()).toBe('app:2.8.1')
    })

    it.concurrent('it was deleted and made again under the same name: refused, the new one is left alone', async () => {
      const one = await broken('again')
      const seen = await plan(one)
      await remove(one)
      await createWorkload(one)
      expect((await execute(one, seen)).outcome).toMatchObject({
        kind: 'refused',
        reason: 'world_moved',
        detail: { moved: [{ field: 'recreated' }] },
      })
    })

    it.concurrent('it was deleted before the click: refused', async () => {
      const one = await broken('gone-before')
      const seen = await plan(one)
      await remove(one)
      expect((await execute(one, seen)).outcome).toMatchObject({ kind: 'refused', reason: 'not_found' })
    })

    it.concurrent('it is deleted while the pods come back: told, not waited for', async () => {
      const one = await broken('gone-after')
      const { outcome } = await execute(atThePatch(one, { after: () => remove(one) }), await plan(one))
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'not_found', detail: { restored: true } })
    })

    it.concurrent('a tool puts the bad release back while the pods come: found out, with its name', async () => {
      const one = await broken('flipped')
      const back = { spec: { template: { spec: { containers: [{ name: 'app', image: 'app:2.8.0-crash' }] } } } }
      const { outcome } = await execute(
        atThePatch(one, { after: () => one.writes('argocd-controller', back) }),
        await plan(one),
      )
      expect(outcome).toMatchObject({
        kind: 'failed',
        reason: 'flipped_back',
        detail: { restored: false, by: 'argocd-controller' },
      })
      expect(await one.image()).toBe('app:2.8.0-crash')
    })

    it.concurrent('a tool puts another release in when all is healthy again: found out before it is called verified', async () => {
      const another = { spec: { template: { spec: { containers: [{ name: 'app', image: 'app:2.9.0' }] } } } }
      // Asked by the health check, after the rollout is done.
      let asked: () => Promise<void> = async () => {}
      await using web = await startWeb(() => asked())
      const one = await brokenApp(of(), { namespace: 'flipped-late', health: web.url })
      const seen = await plan(one)
      asked = () => one.writes('argocd-controller', another)
      const { outcome, steps } = await execute(one, seen, { pace: patientPace })
      expect(steps.at(-1)).toBe('watchFlipBack')
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'flipped_back', detail: { by: 'argocd-controller' } })
      expect(await one.image()).toBe('app:2.9.0')
    })
  })

  // One after the other, when the others are done: everybody loses the server.
  describe('the API server is restarted', () => {
    /** Begins an outage that lasts until `over`; resolves when the server is gone. */
    const outage = async (over: Promise<void>): Promise<void> => {
      const gone = signal()
      void of().outage(async () => {
        gone.give()
        await over
      })
      await gone.given
    }

    it('at the write: it is written once, when the server is back', async () => {
      const one = await broken('away-write')
      const seen = await plan(one)
      const generation = generationOf(await read(one))
      const refused = signal()
      const cut = atThePatch(one, { before: () => outage(refused.given), refused: refused.give })
      const { outcome } = await execute(cut, seen, { pace: patientPace })
      expect(outcome).toMatchObject({ kind: 'verified', reason: 'rolled_back' })
      expect(generationOf(await read(one))).toBe(generation + 1)
    })

    it('while the pods come back: the wait goes on, and says that the cluster is away', async () => {
      const one = await broken('away-wait')
      const noticed = signal()
      const cut = atThePatch(one, { after: () => outage(noticed.given) })
      const { outcome } = await execute(cut, await plan(one), {
        pace: patientPace,
        onProgress: async (_step, { waitingFor }) => {
          if (waitingFor === 'cluster_away') noticed.give()
        },
      })
      expect(outcome).toMatchObject({ kind: 'verified', reason: 'rolled_back' })
    })
  })
}
