import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster } from '../../sandbox/cluster/start.ts'
import type { ControlPlane } from './back-end.ts'

/** The simulated cluster, in a scratch folder of its own. */
export async function simulatedPlane(): Promise<ControlPlane> {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-simulated-'))
  const cluster = await startCluster({ folder })
  return {
    kubeconfig: cluster.kubeconfig,
    outage: cluster.outage,
    stop: async () => {
      await cluster.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
