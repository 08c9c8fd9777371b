import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { porttrackCases } from '../../world/porttrack-cases.ts'
import { startControlPlane } from '../kubernetes/control-plane.ts'
import { realPartsMissing } from '../kubernetes/programs.ts'

const missing = realPartsMissing('etcd', 'kube-apiserver', 'kube-controller-manager')

if (missing === undefined)
  porttrackCases(
    'PortTrack on a real control plane',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'rescue-real-porttrack-'))
      const plane = await startControlPlane({ folder })
      return {
        kubeconfig: plane.kubeconfig,
        stop: async () => {
          await plane.stop()
          await rm(folder, { recursive: true, force: true })
        },
      }
    },
    { long: true },
  )
else describe.skip(`PortTrack on a real control plane (${missing})`, () => it('needs it', () => {}))
