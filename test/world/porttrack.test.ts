import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster } from '../../sandbox/cluster/start.ts'
import { porttrackCases } from './porttrack-cases.ts'

porttrackCases(
  'PortTrack on the simulated cluster',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rescue-porttrack-'))
    const cluster = await startCluster({ folder })
    return {
      kubeconfig: cluster.kubeconfig,
      stop: async () => {
        await cluster.stop()
        await rm(folder, { recursive: true, force: true })
      },
    }
  },
  { long: false },
)
