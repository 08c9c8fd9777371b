import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realPartsMissing } from '../kubernetes/programs.ts'
import { kubectlWorld, manifest } from './world.ts'

const missing = realPartsMissing('kubectl')

describe.skipIf(missing !== undefined)(
  `real kubectl rolls out and back${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let world: Awaited<ReturnType<typeof kubectlWorld>>
    beforeAll(async () => {
      world = await kubectlWorld()
    })
    afterAll(() => world?.[Symbol.asyncDispose]())

    const rolledOut = (name: string) => world.kubectl(`rollout status deployment/${name} --timeout=30s`)
    const release = async (name: string, image: string) => {
      await world.kubectl(`set image deployment/${name} web=${image}`)
      await world.run(['annotate', `deployment/${name}`, `kubernetes.io/change-cause=${image}`, '--overwrite'])
      await rolledOut(name)
    }

    it('history, undo and undo to a revision do what they do on a real cluster', async () => {
      await world.kubectl('apply -f -', manifest('shop', 'shop:1'))
      await rolledOut('shop')
      await release('shop', 'shop:2')
      await release('shop', 'shop:3')
      expect(await world.kubectl('rollout history deployment/shop')).toBe(
        'deployment.apps/shop \nREVISION  CHANGE-CAUSE\n1         <none>\n2         shop:2\n3         shop:3\n\n',
      )
      expect(await world.kubectl('rollout history deployment/shop --revision=2')).toContain('Image:\tshop:2')
      expect(await world.kubectl('rollout undo deployment/shop')).toBe('deployment.apps/shop rolled back\n')
      expect(await rolledOut('shop')).toContain('deployment "shop" successfully rolled out')
      expect(await world.kubectl('get deployment shop -o jsonpath={.spec.template.spec.containers[0].image}')).toBe(
        'shop:2',
      )
      expect(await world.kubectl('rollout history deployment/shop')).toBe(
        'deployment.apps/shop \nREVISION  CHANGE-CAUSE\n1         <none>\n3         shop:3\n4         shop:2\n\n',
      )
      await world.kubectl('rollout undo deployment/shop --to-revision=1')
      await rolledOut('shop')
      expect(await world.kubectl('get deployment shop -o jsonpath={.spec.template.spec.containers[0].image}')).toBe(
        'shop:1',
      )
      expect((await world.try('rollout undo deployment/shop --to-revision=77')).err).toContain(
        'unable to find specified revision 77 in history',
      )
      expect(await world.kubectl('rollout undo deployment/shop --to-revision=5')).toContain(
        'skipped rollback (current template already matches revision 5)',
      )
    })

    it('a paused Deployment refuses undo; pause, resume and restart', async () => {
      await world.kubectl('apply -f -', manifest('paused', 'paused:1'))
      await rolledOut('paused')
      await release('paused', 'paused:2')
      expect(await world.kubectl('rollout pause deployment/paused')).toBe('deployment.apps/paused paused\n')
      expect((await world.try('rollout pause deployment/paused')).err).toContain('is already paused')
      expect((await world.try('rollout undo deployment/paused')).err).toContain(
        'you cannot rollback a paused deployment; resume it first with',
      )
      expect((await world.try('rollout restart deployment/paused')).err).toContain("can't restart paused deployment")
      expect(await world.kubectl('rollout resume deployment/paused')).toBe('deployment.apps/paused resumed\n')
      expect(await world.kubectl('rollout restart deployment/paused')).toBe('deployment.apps/paused restarted\n')
      await rolledOut('paused')
      expect(await world.kubectl('get deployment paused -o jsonpath={.spec.template.metadata.annotations}')).toContain(
        'kubectl.kubernetes.io/restartedAt',
      )
    })

    it('a bad release: status waits, and tells when the deadline is over', async () => {
      await world.kubectl('apply -f -', manifest('broken', 'broken:1', { progressDeadlineSeconds: 2 }))
      await rolledOut('broken')
      await world.kubectl('set image deployment/broken web=broken:2-missing')
      const status = await world.try('rollout status deployment/broken --timeout=30s')
      expect(status.code).toBe(1)
      expect(status.out).toMatch(
        /Waiting for deployment "broken" rollout to finish: 1 out of 2 new replicas have been updated\.\.\./,
      )
      expect(status.err).toBe('error: deployment "broken" exceeded its progress deadline\n')
      expect(await world.kubectl('get pods -l app=broken')).toMatch(
        /broken-\w+-\w+\s+0\/1\s+(ErrImagePull|ImagePullBackOff)\s+0/,
      )
      await world.kubectl('rollout undo deployment/broken')
      await rolledOut('broken')
    })

    it('StatefulSets and DaemonSets: status, history, undo', async () => {
      const template = (image: string) => ({
        metadata: { labels: { app: 'x' } },
        spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'web', image }] },
      })
      const set = (kind: string, name: string, more: object) =>
        JSON.stringify({
          apiVersion: 'apps/v1',
          kind,
          metadata: { name },
          spec: { selector: { matchLabels: { app: 'x' } }, template: template('x:1'), ...more },
        })
      await world.kubectl('apply -f -', set('StatefulSet', 'db', { serviceName: 'db', replicas: 2 }))
      await world.kubectl('apply -f -', set('DaemonSet', 'agent', {}))
      for (const one of ['statefulset/db', 'daemonset/agent']) {
        await world.kubectl(`rollout status ${one} --timeout=30s`)
        await world.kubectl(`set image ${one} web=x:2`)
        await world.kubectl(`rollout status ${one} --timeout=30s`)
        expect(await world.kubectl(`rollout history ${one}`)).toContain(
          'REVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n',
        )
        expect(await world.kubectl(`rollout undo ${one}`)).toContain('rolled back')
        await world.kubectl(`rollout status ${one} --timeout=30s`)
        expect(await world.kubectl(`get ${one} -o jsonpath={.spec.template.spec.containers[0].image}`)).toBe('x:1')
        expect(await world.kubectl(`rollout history ${one}`)).toContain('2         <none>\n3         <none>\n')
      }
    })
  },
)
