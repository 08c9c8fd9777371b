import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generationOf, read } from '../../kubernetes/apps.ts'
import { execute, plan } from '../../kubernetes/scenario.ts'
import { until } from '../../world/back-end.ts'
import { type App, brokenApp, patientPace } from '../../world/rollback-world.ts'
import { planeMissing } from '../kubernetes/plane.ts'
import { doctorSays, everyKind } from './doctor.ts'
import { type RightsWorld, startRightsWorld } from './rights-world.ts'

const missing = planeMissing('kubectl')
const bot = 'system:serviceaccount:rescue:rescue'
const ana = 'ana@porttrack.example'

describe.skipIf(missing !== undefined)(
  `acting as the person who confirmed, on a real API server${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let world: RightsWorld
    beforeAll(async () => {
      world = await startRightsWorld()
    })
    afterAll(() => world?.stop())

    const broken = (namespace: string, kind: App['kind'] = 'deployment') =>
      brokenApp(world, { namespace, kind, kubeconfig: world.bot, impersonate: true })
    const doctor = async (namespace: string) => {
      const checks = await doctorSays(world.bot, everyKind(namespace, true))
      return checks.filter(({ state }) => state === 'failed').map(({ name, detail }) => `${name}: ${detail}`)
    }
    /** In the namespace of the app, as deploy/ has it for people. */
    const mayRollBack = async (namespace: string): Promise<void> => {
      const api = 'rbac.authorization.k8s.io'
      await world.client.post(`/apis/${api}/v1/namespaces/${namespace}/rolebindings`, {
        apiVersion: `${api}/v1`,
        kind: 'RoleBinding',
        metadata: { name: 'sre' },
        roleRef: { apiGroup: api, kind: 'ClusterRole', name: 'rescue-person' },
        subjects: [{ apiGroup: api, kind: 'Group', name: 'porttrack-sre' }],
      })
      await until('the server knows', async () => (await doctor(namespace)).length === 0)
    }

    it('without the right to impersonate nothing is changed, and the right is named', async () => {
      const one = await broken('no-impersonation')
      const generation = generationOf(await read(one))
      const { outcome, steps } = await execute(one, await plan(one))
      expect(outcome).toMatchObject({
        kind: 'refused',
        reason: 'forbidden',
        detail: { restored: false, verb: 'impersonate', resource: 'users' },
      })
      expect(steps).toEqual(['compareWithPlan'])
      expect(generationOf(await read(one))).toBe(generation)
      expect(await doctor('no-impersonation')).toContain('rights in main: may not impersonate users')
    })

    describe.each([
      ['rescue-impersonate-constrained.yaml', 'constrained'],
      ['rescue-impersonate.yaml', 'plain'],
    ])('with %s', (file, kind) => {
      beforeAll(async () => {
        await world.kubectlApply('rescue-person.yaml')
        await world.kubectlApply(file)
      })
      afterAll(() => world.kubectlDelete(file))

      it('a person without rights of their own is refused by the cluster, and nothing is changed', async () => {
        const one = await broken(`no-rights-${kind}`)
        await until('the server knows', async () => !(await doctor(`no-rights-${kind}`)).join().includes('impersonate'))
        const generation = generationOf(await read(one))
        const { outcome } = await execute(one, await plan(one))
        expect(outcome).toMatchObject({
          kind: 'refused',
          reason: 'forbidden',
          detail: {
            restored: false,
            verb: 'get',
            resource: 'deployments',
            message: expect.stringContaining(`User "${ana}" cannot get resource "deployments"`),
          },
        })
        expect(generationOf(await read(one))).toBe(generation)
        expect((await doctor(`no-rights-${kind}`)).join()).toContain('may not get deployments, patch deployments')
      })

      it('a person with them rolls back, and the audit log of the cluster names them', async () => {
        const one = await broken(`with-rights-${kind}`)
        await mayRollBack(`with-rights-${kind}`)
        const { outcome } = await execute(one, await plan(one), { pace: patientPace })
        expect(outcome).toMatchObject({ kind: 'verified', reason: 'rolled_back' })
        const patches = await world.audited('patch', 'deployments', `with-rights-${kind}`)
        expect(patches.filter(({ user }) => user.username === bot)).toMatchObject([
          {
            impersonatedUser: { username: ana, groups: expect.arrayContaining(['porttrack-sre']) },
            responseStatus: { code: 200 },
          },
        ])
        // Looking is the bot's own.
        const lists = (await world.audited('list', 'pods', `with-rights-${kind}`)).filter(
          ({ user }) => user.username === bot,
        )
        expect(lists.length).toBeGreaterThan(0)
        expect(lists.filter(({ impersonatedUser }) => impersonatedUser !== undefined)).toEqual([])
      })

      it('the stuck pod of a StatefulSet is deleted by the person too', async () => {
        const one = await broken(`with-pods-${kind}`, 'statefulset')
        await mayRollBack(`with-pods-${kind}`)
        const { outcome } = await execute(one, await plan(one), { pace: patientPace })
        expect(outcome).toMatchObject({ kind: 'verified', reason: 'rolled_back' })
        const deletions = await world.audited('delete', 'pods', `with-pods-${kind}`)
        expect(deletions.filter(({ user }) => user.username === bot)).toMatchObject([
          { impersonatedUser: { username: ana }, objectRef: { name: 'porttrack-app-1' } },
        ])
      })
    })
  },
)
