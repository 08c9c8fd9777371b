import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { stringify } from 'yaml'
import { type Cluster, startCluster } from '../../sandbox/cluster/start.ts'
import { type Api, connectApi } from '../../sandbox/kubelet/api.ts'
import { people } from '../../sandbox/people.ts'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { type Db, openDb } from '../../src/store/db.ts'
import { appsNamed, appsReady, type BenchApp, namespace, seedApps } from './apps.ts'
import { atOnce, type Size } from './sizes.ts'

/** The whole sandbox with the bot as a process, and apps of its own in the cluster. */
export type BenchWorld = {
  readonly sandbox: Sandbox
  readonly cluster: Cluster
  readonly api: Api
  /** The bot's own store, to see when a run has ended. */
  readonly db: Db
  readonly folder: string
  /** Their former revision starts at once. */
  readonly quick: readonly BenchApp[]
  /** Their former revision takes its time, so that runs go on for a while. */
  readonly slow: readonly BenchApp[]
  /** As `quick`, for kubectl; the bot does not know them. */
  readonly twins: readonly BenchApp[]
  stop(): Promise<void>
}

export async function startBenchWorld(size: Size): Promise<BenchWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-bench-'))
  // So that the user of the databases can reach its part.
  await chmod(folder, 0o711)
  const quick = appsNamed('quick', size.rounds, 'quick')
  const twins = appsNamed('twin', size.rounds, 'quick')
  const slow = appsNamed('slow', atOnce, 'slow')
  const cluster = await startCluster({ folder })
  const api = connectApi(cluster.kubeconfig, 'bench')
  const catalog = join(folder, 'bench.yml')
  await writeFile(catalog, catalogOf(cluster.kubeconfig, [...quick, ...slow]))
  await seedApps(cluster.kubeconfig, [...quick, ...twins, ...slow])
  const sandbox = await startSandbox({
    port: 0,
    folder,
    cluster: cluster.kubeconfig,
    speed: size.speed,
    environment: { RESCUE_CATALOG: catalog, LOG_LEVEL: 'warn' },
    onLog: (line) => process.stderr.write(`${line}\n`),
  })
  const db = openDb(sandbox.facts.store, { log: pino({ level: 'silent' }), max: 2 })
  await appsReady(api, [...quick, ...twins, ...slow])
  return {
    sandbox,
    cluster,
    api,
    db,
    folder,
    quick,
    slow,
    twins,
    stop: async () => {
      await db.close()
      await api.close()
      await sandbox.stop()
      await cluster.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function catalogOf(kubeconfig: string, apps: readonly BenchApp[]): string {
  return stringify({
    version: 1,
    people: Object.fromEntries(people.map(({ name, slack, role }) => [name, { slack, role, login: name }])),
    channels: { operations: 'C0OPS' },
    clusters: { main: { kubeconfig } },
    apps: Object.fromEntries(
      apps.map(({ name }) => [name, { cluster: 'main', namespace, workload: `deployment/${name}` }]),
    ),
  })
}
