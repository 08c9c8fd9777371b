import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { type Cluster, type ClusterOptions, startCluster } from '../../sandbox/cluster/start.ts'
import { type Kubelet, startKubelet } from '../../sandbox/kubelet/start.ts'
import { type Catalog, catalogSchema } from '../../src/catalog/schema.ts'
import { connectCluster } from '../../src/services/kubernetes/api/client.ts'
import type { WorkloadAddress } from '../../src/services/kubernetes/api/paths.ts'
import type { ClusterClient } from '../../src/services/kubernetes/api/types.ts'
import type { BadRelease, OnBadRelease } from '../../src/watchers/bad-releases/types.ts'
import { watchBadReleases } from '../../src/watchers/bad-releases/watch.ts'

const nodes = ['node-a', 'node-b', 'node-c']

/** How many times faster than in life pods live; and the clock of the watcher, slower, so that a busy machine makes no pod look slow. */
const podSpeed = 10
const watcherSpeed = 5

/** A simulated cluster with three nodes, and what watches it. */
export type WatchedWorld = {
  readonly cluster: Cluster
  readonly client: ClusterClient
  readonly kubelet: Kubelet
  /** Watches these until `stop`. */
  watch(apps: readonly WorkloadAddress[], options?: WatchOptions): Watcher
  stop(): Promise<void>
}
export type WatchOptions = {
  readonly windowSeconds?: number
  readonly onBad?: OnBadRelease
  readonly client?: ClusterClient
}
export type Watcher = { readonly found: readonly BadRelease[]; stop(): Promise<void> }

export async function startWatchedWorld(options: Partial<ClusterOptions> = {}): Promise<WatchedWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-watchers-'))
  const cluster = await startCluster({ folder, bookmarkMs: 1_000, nodeGraceSeconds: 40 / watcherSpeed, ...options })
  const log = pino({ level: 'silent' })
  const client = connectCluster({ kubeconfig: cluster.kubeconfig, impersonate: false }, { log })
  const kubelet = await startKubelet({ kubeconfig: cluster.kubeconfig, nodes, speed: podSpeed })
  const watchers = new Set<Watcher>()
  return {
    cluster,
    client,
    kubelet,
    watch: (apps, { windowSeconds = 1800, onBad, client: other = client } = {}) => {
      const end = new AbortController()
      const found: BadRelease[] = []
      const done = watchBadReleases(
        { catalog: catalogOf(apps), cluster: () => other, log },
        apps.map(({ name }) => ({ app: name, windowSeconds })),
        async (release, signal) => {
          found.push(release)
          await onBad?.(release, signal)
        },
        end.signal,
        () => (performance.now() / 1000) * watcherSpeed,
      )
      const watcher = {
        found,
        stop: async () => {
          watchers.delete(watcher)
          end.abort()
          await done
        },
      }
      watchers.add(watcher)
      return watcher
    },
    stop: async () => {
      await Promise.all([...watchers].map((watcher) => watcher.stop()))
      await kubelet.stop()
      await client.close()
      await cluster.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function catalogOf(apps: readonly WorkloadAddress[]): Catalog {
  return catalogSchema.parse({
    version: 1,
    people: { ana: { slack: 'U0ANA' } },
    channels: { operations: 'C0OPS' },
    clusters: { main: {} },
    apps: Object.fromEntries(
      apps.map(({ name, namespace, kind }) => [name, { cluster: 'main', namespace, workload: `${kind}/${name}` }]),
    ),
  })
}

/** Polls until there is an answer. @throws Error that says what was waited for */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  seconds = 180,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`)
    await sleep(50)
  }
}
