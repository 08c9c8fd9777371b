import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster } from '../../sandbox/cluster/start.ts'
import { kubeletCases } from './kubelet-cases.ts'

kubeletCases('the nodes on the simulated cluster', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-nodes-'))
  const cluster = await startCluster({ folder })
  return {
    kubeconfig: cluster.kubeconfig,
    stop: async () => {
      await cluster.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
})
