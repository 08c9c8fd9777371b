import { workloadOfApp } from '../../catalog/workloads.ts'
import type { Services } from '../../operations/services.ts'
import { rest } from '../leader.ts'
import { watchCluster } from './cluster.ts'
import type { ClusterApps, Placed } from './cluster-watch.ts'
import type { OnBadRelease } from './types.ts'

/** An app whose releases are watched. */
export type WatchedApp = {
  /** Its name in the catalog. */
  readonly app: string
  /** For how long after a release a failure counts as the release's, in seconds. */
  readonly windowSeconds: number
}

const retryMs = 30_000

/**
 * Watches the apps until the signal and calls `onBad` once for each release and signal that is judged bad. What clusters tell
 * is read anew at the start, so a release that went bad while nobody watched is judged too. A cluster that is away is waited for.
 * `onBad` may take its time: others are judged meanwhile. When it throws, it is called again, a few times. Resolves when the
 * signal has come and all calls of `onBad` have ended.
 * @param clock seconds, monotonic: what every duration is measured with
 * @throws Error when the catalog does not name an app
 */
export async function watchBadReleases(
  services: Pick<Services, 'catalog' | 'cluster' | 'log'>,
  apps: readonly WatchedApp[],
  onBad: OnBadRelease,
  signal: AbortSignal,
  clock: () => number = () => performance.now() / 1000,
): Promise<void> {
  const clusters = [...byCluster(services, apps)]
  await Promise.all(
    clusters.map(async ([cluster, placed]) => {
      while (!signal.aborted) {
        try {
          const client = services.cluster(cluster)
          await watchCluster({ cluster, client, placed, onBad, signal, clock, log: services.log })
        } catch (error) {
          services.log.error({ cluster, err: error }, 'the releases of this cluster cannot be watched; trying again')
          await rest(retryMs, signal)
        }
      }
    }),
  )
}

function byCluster(services: Pick<Services, 'catalog'>, apps: readonly WatchedApp[]): ReadonlyMap<string, ClusterApps> {
  const clusters = new Map<string, Placed[]>()
  for (const { app, windowSeconds } of apps) {
    const entry = services.catalog.apps[app]
    if (entry === undefined) throw new Error(`the catalog names no app "${app}"`)
    const placed = { app, windowSeconds, workload: workloadOfApp(entry) }
    clusters.set(entry.cluster, [...(clusters.get(entry.cluster) ?? []), placed])
  }
  return clusters
}
