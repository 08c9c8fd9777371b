import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rollback } from '../../../src/operations/rollback/definition.ts'
import type { Services } from '../../../src/operations/services.ts'
import type { WorkloadKind } from '../../../src/services/kubernetes/api/paths.ts'
import { readStatus } from '../../../src/status/read.ts'
import { execute, plan } from '../../kubernetes/scenario.ts'
import { until } from '../../world/back-end.ts'
import { brokenApp, failing, patientPace, servicesOf, startApp } from '../../world/rollback-world.ts'
import { planeMissing } from '../kubernetes/plane.ts'
import { doctorSays, everyKind } from './doctor.ts'
import { type RightsWorld, startRightsWorld } from './rights-world.ts'
import { grantedBy, type Triple, words } from './roles.ts'
import { expectTold } from './told.ts'

const missing = planeMissing('kubectl')
const granted = grantedBy('rescue.yaml', 'rescue')
const kinds: readonly WorkloadKind[] = ['deployment', 'statefulset', 'daemonset']
const app = 'porttrack-app'

describe.skipIf(missing !== undefined)(
  `the rights of deploy/ on a real API server${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let world: RightsWorld
    beforeAll(async () => {
      world = await startRightsWorld()
      await Promise.all(kinds.map(withConfig))
    })
    afterAll(() => world?.stop())

    /** Its release needs a ConfigMap and a Secret, and crashes. */
    const withConfig = async (kind: WorkloadKind): Promise<void> => {
      const one = await startApp(world, { namespace: `seen-${kind}`, kind })
      const envFrom = [
        { configMapRef: { name: 'settings', optional: true } },
        { secretRef: { name: 'keys', optional: true } },
      ]
      await one.release('2.8.0-crash', { envFrom })
      await failing(one, 'CrashLoopBackOff')
    }

    /** The bot with another account, and an app whose newest release crashes. */
    const as = (kubeconfig: string, kind: WorkloadKind): Services =>
      servicesOf(world, { namespace: `seen-${kind}`, kind, kubeconfig })

    it.concurrent.for(kinds)('are enough to roll back a %s', async (kind) => {
      const one = await brokenApp(world, { namespace: `enough-${kind}`, kind, kubeconfig: world.bot })
      const seen = await plan(one)
      expect(seen.warnings.map(({ code }) => code)).not.toContain('not_checked')
      const evidence = (await rollback.captureEvidence?.({ app }, seen, one.services)) ?? []
      expect(evidence.map((item) => item.kind)).toEqual(expect.arrayContaining(['object', 'events', 'log']))
      expect(evidence.filter((item) => item.kind === 'note')).toEqual([])
      expect((await execute(one, seen, { pace: patientPace })).outcome).toMatchObject({ kind: 'verified' })
    })

    it.concurrent.for(kinds)('are enough for the status of a %s', async (kind) => {
      // Each component has a limit of time; on a busy machine the first look may be too slow for it.
      const status = await until('an answer in time', async () => {
        const { components } = await readStatus(as(world.bot, kind), {})
        return components[0]?.state !== 'unknown' && components
      })
      expect(status).toMatchObject([{ name: app, state: 'degraded', revision: 2, images: ['app:2.8.0-crash'] }])
    })

    it.concurrent('are enough to watch for bad releases', async () => {
      const client = as(world.bot, 'deployment').cluster('main')
      const inNamespace = ['/apis/apps/v1', '/api/v1'].map((api) => `${api}/namespaces/seen-deployment`)
      const [apps, core] = inNamespace
      const paths = [`${apps}/deployments`, `${apps}/replicasets`, `${core}/pods`, `${core}/events`, '/api/v1/nodes']
      const first = (path: string) =>
        new Promise((resolve, reject) => {
          const over = new AbortController()
          const seen = () => {
            over.abort()
            resolve(path)
          }
          client.watch(path, {}, seen, { signal: over.signal }).catch(reject)
        })
      expect(await Promise.all(paths.map(first))).toEqual(paths)
    })

    it.concurrent('are all that doctor asks for, and no more', async () => {
      const checks = await doctorSays(world.bot, everyKind('seen-deployment'))
      expect(checks.map(({ name, state }) => `${name}: ${state}`)).toEqual([
        'cluster main: ok',
        'rights in main: ok',
        'rights in seen-deployment: ok',
      ])
    })

    it.concurrent.for(granted)('without $verb $resource it is said by name', async (gone) => {
      const name = `without-${gone.verb}-${gone.resource.replace('/', '-')}`
      const account = await world.account(
        name,
        granted.filter((one) => one !== gone),
      )
      // The server learns of a role a moment after it was written; until then nothing is allowed.
      const denied = await until('doctor misses one right alone', async () => {
        const checks = await doctorSays(account, everyKind('seen-deployment'))
        const failed = checks.filter(({ state }) => state === 'failed').map(({ detail }) => detail)
        return failed.length === 1 && !failed.join().includes(',') && failed
      })
      expect(denied).toEqual([`may not ${words(gone)}`])
      await expectTold(gone, as(account, kindOf(gone)))
    })

    // The template is back by then, and the broken pod stands in its way.
    it.concurrent('without delete pods a StatefulSet is left half way, and it is said by name', async () => {
      const account = await world.account(
        'half-way',
        granted.filter((one) => words(one) !== 'delete pods'),
      )
      const one = await brokenApp(world, { namespace: 'half-way', kind: 'statefulset', kubeconfig: account })
      const { outcome } = await execute(one, await plan(one))
      expect(outcome).toMatchObject({
        kind: 'failed',
        reason: 'forbidden',
        detail: { restored: true, message: expect.stringContaining('cannot delete resource "pods"') },
      })
      expect(await one.image()).toBe('app:2.7.3')
    })
  },
)

/** The workload whose rollback needs it. */
function kindOf({ resource }: Triple): WorkloadKind {
  if (resource === 'controllerrevisions') return 'statefulset'
  return kinds.find((kind) => resource === `${kind}s`) ?? 'deployment'
}
