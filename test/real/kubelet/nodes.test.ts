import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { kubeletCases } from '../../world/kubelet-cases.ts'
import { startControlPlane } from '../kubernetes/control-plane.ts'
import { realPartsMissing } from '../kubernetes/programs.ts'

const missing = realPartsMissing('etcd', 'kube-apiserver', 'kube-controller-manager')

if (missing === undefined)
  kubeletCases('the nodes on a real control plane', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rescue-real-nodes-'))
    const plane = await startControlPlane({ folder })
    return {
      kubeconfig: plane.kubeconfig,
      stop: async () => {
        await plane.stop()
        await rm(folder, { recursive: true, force: true })
      },
    }
  })
else describe.skip(`the nodes on a real control plane (${missing})`, () => it('needs it', () => {}))
