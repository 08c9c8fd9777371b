import { workloadOfApp } from '../../catalog/workloads.ts'
import { recordAt } from '../../services/kubernetes/api/json.ts'
import { workloadPath } from '../../services/kubernetes/api/paths.ts'
import { appOf } from '../rollback/workload-ref.ts'
import type { Services } from '../services.ts'
import type { Fence } from '../types.ts'

/** How many replicas an app had; remembered in the run, never assumed. */
export type Replicas = { readonly app: string; readonly replicas: number }

/** Apps that run; one that is scaled to 0 already stays there. */
export async function replicasOf(services: Services, apps: readonly string[]): Promise<readonly Replicas[]> {
  const found = await Promise.all(apps.map(async (app) => ({ app, replicas: await readReplicas(services, app) })))
  return found.filter(({ replicas }) => replicas > 0)
}

/** 0 for a DaemonSet: it knows no replicas and keeps running. */
async function readReplicas(services: Services, app: string): Promise<number> {
  const entry = appOf(services.catalog, app)
  const workload = workloadOfApp(entry)
  if (workload.kind === 'daemonset') return 0
  const replicas = recordAt(await services.cluster(entry.cluster).get(workloadPath(workload)), 'spec')['replicas']
  return typeof replicas === 'number' ? replicas : 1
}

/** Scales all of them to 0, or back to what they had; the counts are in the ledger before anything is changed. */
export function scaleAll(services: Services, replicas: readonly Replicas[], how: 'stop' | 'start'): Fence<number> {
  const wanted = (each: Replicas) => (how === 'stop' ? 0 : each.replicas)
  return {
    intent: { how, replicas },
    act: async () => {
      for (const each of replicas) {
        const entry = appOf(services.catalog, each.app)
        await services
          .cluster(entry.cluster)
          .patch(workloadPath(workloadOfApp(entry)), { spec: { replicas: wanted(each) } }, 'merge')
      }
      return replicas.length
    },
    // Setting a number twice is setting it once.
    look: async () => ({ kind: 'not_done' }),
  }
}
