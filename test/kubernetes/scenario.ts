import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { type Cluster, startCluster } from '../../sandbox/cluster/start.ts'
import { startKubelet } from '../../sandbox/kubelet/start.ts'
import { type Catalog, catalogSchema } from '../../src/catalog/schema.ts'
import { makeRollback } from '../../src/operations/rollback/definition.ts'
import type { Pace } from '../../src/operations/rollback/pace.ts'
import type { RollbackParams, RollbackPlan } from '../../src/operations/rollback/types.ts'
import type { Services } from '../../src/operations/services.ts'
import type { Decision, Outcome, Run, StepProgress } from '../../src/operations/types.ts'
import { connectCluster } from '../../src/services/kubernetes/api/client.ts'
import { openClusters } from '../../src/services/kubernetes/api/clusters.ts'
import type { ClusterClient } from '../../src/services/kubernetes/api/types.ts'
import type { Db } from '../../src/store/db.ts'
import { startTestServer, type TestServer } from '../store/helpers/store.ts'
import { until } from '../store/helpers/until.ts'

/** Kubernetes seconds pass faster here: a crash loop shows after a moment. */
const speed = 10

export const quickPace: Pace = {
  pollMs: 50,
  awayMs: 5_000,
  graceMs: 300,
  healthTries: 3,
  healthPauseMs: 50,
  flipBackMs: 100,
  flipBackOwnedMs: 100,
}

export type Scenario = {
  readonly cluster: Cluster
  /** The bot's client, and the administrator's, who plays everybody else. */
  readonly bot: ClusterClient
  readonly admin: ClusterClient
  readonly services: Services
  stop(): Promise<void>
}

export type Surround = { readonly server: TestServer; readonly cluster: Cluster; stop(): Promise<void> }

/** One cluster with its nodes and one store for a test file. */
export async function startSurround(): Promise<Surround> {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-test-cluster-'))
  const [server, cluster] = await Promise.all([startTestServer(), startCluster({ folder })])
  const kubelet = await startKubelet({ kubeconfig: cluster.kubeconfig, nodes: ['node-1', 'node-2'], speed })
  return {
    server,
    cluster,
    stop: async () => {
      await kubelet.stop()
      await cluster.stop()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A namespace of its own with one app, and the services of a bot that may touch nothing else. */
export async function startScenario(
  { server, cluster }: Surround,
  name: string,
  more: {
    readonly workload?: string
    readonly impersonate?: boolean
    readonly kubeconfig?: string
    readonly healthUrl?: string
  } = {},
): Promise<Scenario> {
  const log = pino({ level: process.env['TEST_LOG'] ?? 'silent' })
  const db: Db = await server.freshStore()
  const catalog = catalogOf(name, more)
  const admin = connectCluster({ impersonate: false }, { kubeconfigFile: cluster.kubeconfig, log })
  const clusters = openClusters(catalog, more.kubeconfig ?? cluster.kubeconfig, log)
  await admin.post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  const services: Services = {
    catalog,
    db,
    log,
    secret: async () => '',
    scratch: '/nowhere',
    cluster: clusters.get,
  }
  return {
    cluster,
    bot: clusters.get('main'),
    admin,
    services,
    stop: async () => {
      cluster.faults.clear()
      await Promise.all([admin.close(), clusters.close()])
    },
  }
}

function catalogOf(
  namespace: string,
  more: { readonly workload?: string; readonly impersonate?: boolean; readonly healthUrl?: string },
): Catalog {
  return catalogSchema.parse({
    version: 1,
    people: { ana: { slack: 'U0ANA', kubernetes: { user: 'ana@porttrack.example', groups: ['sre'] } } },
    channels: { operations: 'C0OPS' },
    clusters: { main: { impersonate: more.impersonate === true } },
    apps: {
      'porttrack-app': {
        cluster: 'main',
        namespace,
        workload: more.workload ?? 'deployment/porttrack-app',
        rolloutTimeoutSeconds: 30,
        health: more.healthUrl === undefined ? [] : [{ name: 'web', url: more.healthUrl }],
      },
    },
  })
}

const operation = makeRollback(quickPace)
type Bot = Pick<Scenario, 'services'>

export async function decide(scenario: Bot, params: Partial<RollbackParams> = {}): Promise<Decision<RollbackPlan>> {
  const asked = { app: 'porttrack-app', ...params }
  const facts = await operation.readFacts(asked, scenario.services)
  // Facts and plans are kept as JSON between the question and the act.
  return JSON.parse(JSON.stringify(operation.decide(asked, JSON.parse(JSON.stringify(facts)))))
}

export async function plan(scenario: Bot, params: Partial<RollbackParams> = {}): Promise<RollbackPlan> {
  const decision = await decide(scenario, params)
  if (decision.kind !== 'proceed') throw new Error(`no plan: ${decision.kind} ${decision.reason}`)
  return decision.plan
}

export type Executed = {
  readonly outcome: Outcome
  readonly steps: readonly string[]
  readonly progress: readonly StepProgress[]
}

/** Runs the runbook as the engine would: each result kept as JSON, steps in order. */
export async function execute(
  scenario: Bot,
  plan: RollbackPlan,
  more: {
    readonly pace?: Pace
    readonly params?: Partial<RollbackParams>
    readonly stopRequested?: () => boolean
    readonly onProgress?: (step: string, progress: StepProgress) => Promise<void>
  } = {},
): Promise<Executed> {
  const steps: string[] = []
  const progress: StepProgress[] = []
  const kept = <T>(value: T): T => JSON.parse(JSON.stringify(value ?? null))
  const ana = { kind: 'person', name: 'ana' } as const
  const run: Run<RollbackParams, RollbackPlan> = {
    id: 'R-0001',
    params: { app: 'porttrack-app', ...more.params },
    plan,
    actor: ana,
    confirmedBy: ana,
    services: scenario.services,
    step: async (name, body) => {
      steps.push(name)
      return kept(
        await body(async (each) => {
          progress.push(each)
          await more.onProgress?.(name, each)
        }),
      )
    },
    fenced: async (name, fence) => {
      steps.push(name)
      return kept(await fence.act())
    },
    stopRequested: async () => more.stopRequested?.() ?? false,
  }
  const { execute } = more.pace === undefined ? operation : makeRollback(more.pace)
  return { outcome: await execute(run), steps, progress }
}

export const { captureEvidence, undo } = operation
export { until }
