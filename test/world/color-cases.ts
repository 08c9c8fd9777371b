import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { switchBack, switchTraffic } from '../../src/operations/switch-color/switch.ts'
import { textAt, textsAt } from '../../src/services/kubernetes/api/json.ts'
import { readEndpoints } from '../../src/services/kubernetes/route/endpoints.ts'
import type { StartControlPlane } from './back-end.ts'
import { until } from './back-end.ts'
import { refusedCases } from './color-refusals.ts'
import {
  both,
  type ColoredApp,
  type ColorOptions,
  colorOf,
  colorPace,
  execute,
  operation,
  plan,
  startColors,
} from './color-world.ts'
import { type RollbackWorld, startRollbackWorld } from './rollback-world.ts'

type More = Omit<ColorOptions, 'namespace' | 'onEnd'>

/** Switches through the bot's own operation, on whichever control plane is started. */
export function colorCases(title: string, start: StartControlPlane): void {
  describe(title, () => {
    let world: RollbackWorld
    beforeAll(async () => {
      world = await startRollbackWorld(start)
    }, 120_000)
    const ends: (() => Promise<void>)[] = []
    afterAll(async () => {
      await Promise.all(ends.map((end) => end()))
      await world?.stop()
    })

    const app = (namespace: string, more: More = {}) =>
      startColors(world, { namespace, onEnd: (end) => ends.push(end), ...more })
    const color = (one: ColoredApp) => colorOf(one.admin, one.routePath)

    it.concurrent.each(['service', 'ingress'] as const)(
      'by its %s everybody is led to the other colour and back, and neither colour is touched',
      async (route) => {
        const one = await app(`way-${route}`, { route })
        const before = await Promise.all(both.map((each) => one.deployment(each)))
        const there = await plan(one)
        expect(there).toMatchObject({ from: { color: 'blue', ready: 2 }, to: { color: 'green', ready: 2 } })

        const { outcome, steps } = await execute(one, there)
        expect(outcome).toMatchObject({ kind: 'verified', reason: 'switched', detail: { switched: true } })
        expect(steps).toEqual(['compareWithPlan', 'switchTraffic', 'awaitEndpoints', 'checkHealth'])
        expect(await color(one)).toBe('green')
        const reached = await readEndpoints(one.admin, one.namespace, route === 'service' ? 'web' : 'web-green')
        expect(reached.ready).toEqual(there.to.endpoints)
        expect(reached.ready.every((pod) => pod.startsWith('web-green-'))).toBe(true)

        const undo = operation.undo?.({ app: 'shop' }, there, outcome)
        expect(undo).toEqual({ operation: 'switch-color', params: { app: 'shop', to: 'blue' } })
        const back = await execute(one, await plan(one, { to: 'blue' }))
        expect(back.outcome).toMatchObject({ kind: 'verified', detail: { from: { color: 'green' } } })
        expect(await color(one)).toBe('blue')
        const after = await Promise.all(both.map((each) => one.deployment(each)))
        expect(after.map((each) => each['spec'])).toEqual(before.map((each) => each['spec']))
        expect(after.map((each) => textAt(each, 'metadata', 'uid'))).toEqual(
          before.map((each) => textAt(each, 'metadata', 'uid')),
        )
      },
    )

    it.concurrent('the label that repeats the colour goes with the selector, for scripts that read it', async () => {
      const one = await app('label')
      await execute(one, await plan(one))
      expect(textsAt(await one.route(), 'metadata', 'labels')['color']).toBe('green')
      await one.writes('somebody', one.routePath, { metadata: { labels: { color: 'teal' } } })
      await execute(one, await plan(one, { to: 'blue' }))
      expect(textsAt(await one.route(), 'metadata', 'labels')['color']).toBe('teal')
    })

    it.concurrent('an Ingress is changed at the host of the app alone, and every path there', async () => {
      const one = await app('paths', { route: 'ingress' })
      await execute(one, await plan(one))
      const backends = JSON.stringify((await one.route())['spec']).match(/"name":"(docs|web-\w+)"/g)
      const [docs, api, pages, other] = backends ?? []
      expect([api, pages]).toEqual(['"name":"web-green"', '"name":"web-green"'])
      expect([docs, other], 'of other hosts').toEqual(['"name":"docs"', '"name":"web-blue"'])
    })

    it.concurrent('a colour that looks ready and answers errors: back by itself, and nobody has to do it', async () => {
      const one = await app('errors')
      one.broken.add('green')
      const { outcome, steps } = await execute(one, await plan(one))
      expect(outcome).toMatchObject({
        kind: 'failed',
        reason: 'switched_back',
        detail: { switched: false, why: 'health', returned: true, serving: 2, failedStep: 'checkHealth' },
      })
      expect(steps.slice(-2)).toEqual(['switchBack', 'awaitReturn'])
      expect(await color(one)).toBe('blue')
      expect(operation.undo?.({ app: 'shop' }, await plan(one), outcome)).toBeUndefined()
    })

    it.concurrent('a colour whose pods die right after the switch: back by itself', async () => {
      const one = await app('die')
      const { outcome } = await execute(one, await plan(one), {
        before: async (step) => {
          if (step !== 'checkHealth') return
          await one.writes('somebody', one.deploymentPath('green'), { spec: { replicas: 0 } })
          await until('no endpoint is left', async () => {
            const { ready } = await readEndpoints(one.admin, one.namespace, 'web')
            return ready.length === 0
          })
        },
      })
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'switched_back', detail: { why: 'endpoints' } })
      expect(await color(one)).toBe('blue')
    })

    it.concurrent('somebody led it elsewhere while the check failed: it is not changed again, and people are told', async () => {
      const one = await app('elsewhere')
      one.broken.add('green')
      const { outcome } = await execute(one, await plan(one), {
        before: async (step) => {
          if (step === 'switchBack')
            await one.writes('somebody', one.routePath, { spec: { selector: { color: 'purple' } } })
        },
      })
      expect(outcome).toMatchObject({
        kind: 'failed',
        reason: 'not_switched_back',
        detail: { switched: false, moved: [{ field: 'route', by: 'somebody' }] },
      })
      expect(textsAt(await one.route(), 'spec', 'selector')['color']).toBe('purple')
    })

    it.concurrent('somebody switches it back during the watch: told who, and left as they made it', async () => {
      const one = await app('flip')
      const { outcome, steps } = await execute(one, await plan(one), {
        before: async (step) => {
          if (step === 'checkHealth')
            await one.writes('argocd', one.routePath, { spec: { selector: { color: 'blue' } } })
        },
      })
      expect(outcome).toMatchObject({
        kind: 'failed',
        reason: 'flipped_back',
        detail: { by: 'argocd', switched: false },
      })
      expect(steps).not.toContain('switchBack')
    })

    it.concurrent('stopped during the watch: it stays where it was led, and the way back is offered', async () => {
      const one = await app('stop', { watchSeconds: 600 })
      const there = await plan(one)
      const { outcome } = await execute(one, there, { stopRequested: () => true })
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'stopped', detail: { switched: true } })
      expect(await color(one)).toBe('green')
      expect(operation.undo?.({ app: 'shop' }, there, outcome)).toMatchObject({ params: { to: 'blue' } })
    })

    it.concurrent('the write itself applies to nothing but what people saw, whoever was quicker', async () => {
      const one = await app('quicker')
      const seen = await plan(one)
      const place = { client: one.admin, colors: seen.colors, pace: { ...colorPace, awayMs: 0 } }
      await one.writes('somebody', one.routePath, { spec: { selector: { app: 'web', color: 'blue', tier: 'new' } } })
      const stale = await switchTraffic(place, seen).act()
      expect(stale).toMatchObject({ kind: 'moved', moved: [{ field: 'route', by: 'somebody' }] })
      expect(await color(one)).toBe('blue')
    })

    it.concurrent('after a crash the route tells whether the switch, and the way back, were done', async () => {
      const one = await app('crash')
      const seen = await plan(one)
      const place = { client: one.admin, colors: seen.colors, pace: colorPace }
      const [there, back] = [switchTraffic(place, seen), switchBack(place, seen)]
      expect(await there.look()).toEqual({ kind: 'not_done' })
      expect(await there.act()).toMatchObject({ kind: 'switched' })
      expect(await there.look()).toMatchObject({ kind: 'done', result: { kind: 'switched' } })
      expect(await back.look()).toEqual({ kind: 'not_done' })
      expect(await there.act(), 'done twice').toMatchObject({ kind: 'already_there' })
      expect(await back.act()).toMatchObject({ kind: 'switched' })
      expect(await back.look()).toMatchObject({ kind: 'done' })
      await one.writes('somebody', one.routePath, { spec: { selector: { color: 'purple' } } })
      expect(await there.look()).toMatchObject({ kind: 'unknown' })
      expect(await back.look()).toMatchObject({ kind: 'unknown' })
    })

    refusedCases(app)
  })
}
