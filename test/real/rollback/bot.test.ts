import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts'
import { ops, person, textOf } from '../../scenarios/support/person.ts'
import { planned } from '../../scenarios/support/world.ts'
import type { ControlPlane } from '../../world/back-end.ts'
import { until } from '../../world/back-end.ts'
import { type Kubectl, kubectlWith } from '../kubernetes/kubectl.ts'
import { planeMissing, realPlane } from '../kubernetes/plane.ts'

const missing = planeMissing('kubectl')
const deployment = ['-n', 'porttrack', 'deployment/porttrack-app']

describe.skipIf(missing !== undefined)(
  `the whole bot on a real control plane${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let plane: ControlPlane
    let folder: string
    let sandbox: Sandbox
    let kubectl: Kubectl
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'rescue-real-bot-'))
      // The user of the databases must reach its part.
      await chmod(folder, 0o711)
      plane = await realPlane()
      kubectl = kubectlWith(plane.kubeconfig)
      const cluster = plane.kubeconfig
      sandbox = await startSandbox({ port: 0, folder, cluster, speed: 10, automatic: false, onLog: () => {} })
    })
    afterAll(async () => {
      await sandbox?.stop()
      await plane?.stop()
      await rm(folder, { recursive: true, force: true })
    })

    const image = async (): Promise<string> => {
      const asked = ['get', ...deployment, '-o', 'jsonpath={.spec.template.spec.containers[0].image}']
      return (await kubectl(asked)).out
    }

    it('/rollback and one click: the cluster has the old version back, and kubectl agrees', async () => {
      const { page } = sandbox.facts
      const ana = person(page, 'ana')
      const good = await image()
      expect((await fetch(new URL('scenarios/image-missing', page), { method: 'POST' })).ok).toBe(true)
      await until('the release fails', async () =>
        (await kubectl(['get', 'pods', '-n', 'porttrack'])).out.includes('ImagePull'),
      )
      expect(await image()).not.toBe(good)

      const plan = await planned(ana, '/rollback porttrack-app to 6')
      expect(textOf(plan)).toMatch(/ImagePull/)
      await ana.click({ channel: ops, ts: plan.ts }, 'run:confirm')
      await until('the template is back', async () => (await image()) === good)
      const status = await kubectl(['rollout', 'status', ...deployment, '--timeout=60s'])
      expect(status.out).toContain('successfully rolled out')
      await until('the outcome is told, with the way back', async () =>
        (await ana.messages(ops)).find(
          (each) => each.ts === plan.ts && JSON.stringify(each.blocks).includes('run:undo'),
        ),
      )
    })
  },
)
