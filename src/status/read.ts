import type { AppEntry } from '../catalog/schema.ts'
import { presentModes } from '../operations/automatic-mode.ts'
import type { Services } from '../operations/services.ts'
import { KubernetesError } from '../services/kubernetes/api/errors.ts'
import { listRuns } from '../store/runs.ts'
import type { RunRow } from '../store/types.ts'
import type { ComponentKind, ComponentView, StatusView } from '../texts/views.ts'
import { readApp, whereOf } from './app.ts'
import { readColoredApp } from './colors.ts'
import { readDatabase } from './database.ts'
import { readMonitor } from './monitor.ts'
import { readNodes } from './nodes.ts'
import { type Named, unknown } from './unknown.ts'

/** Each component gets this long, so that one that hangs never delays the others. */
const componentMs = 1_500
/** A database in depth: its parts have limits of their own below it. */
const depthMs = 4_000

export type StatusQuery = { readonly kind?: ComponentKind; readonly name?: string; readonly deep?: boolean }

/** The health of everything in the catalog, or of what the query names; within about 2 s even when some are down. */
export async function readStatus(services: Services, query: StatusQuery = {}): Promise<StatusView> {
  const started = Date.now()
  const { catalog } = services
  const wanted = (kind: ComponentKind, name: string) =>
    (query.kind === undefined || query.kind === kind) && (query.name === undefined || query.name === name)
  const active = limited(
    listRuns(services.db, { states: ['planning', 'waiting', 'confirmed', 'running'], limit: 100 }),
    [],
  )
  const modes = limited(presentModes(services, query.name), [])
  const deep = query.deep ?? false
  const names = <T>(kind: ComponentKind, entries: Record<string, T>) =>
    Object.entries(entries).filter(([name]) => wanted(kind, name))
  const looks: Promise<ComponentView>[] = [
    ...names('app', catalog.apps).map(([name, app]) => lookAtApp(services, name, app, deep)),
    ...names('database', catalog.databases).map(([name, entry]) =>
      withLimit(
        { kind: 'database', name, where: entry.engine },
        (signal) => readDatabase(services, name, entry, signal, deep),
        deep ? depthMs : componentMs,
      ),
    ),
    ...names('monitor', catalog.monitoring).map(([name, entry]) =>
      withLimit({ kind: 'monitor', name, where: entry.workload ?? entry.url }, (signal) =>
        readMonitor(name, entry, signal),
      ),
    ),
  ]
  const nodes =
    query.kind === 'node' || (query.kind === undefined && query.name === undefined) ? nodesOf(services, query) : []
  const [catalogued, found, runs, automatic] = await Promise.all([Promise.all(looks), nodes, active, modes])
  const components = [...catalogued, ...found]
  return {
    components: components.map((component) => ({
      ...component,
      run: runOf(runs, component),
      ...(component.kind === 'app' ? { automatic: automatic.find(({ app }) => app === component.name) } : {}),
    })),
    asOf: new Date().toISOString(),
    tookMs: Date.now() - started,
  }
}

/** One workload, or two colours of which one serves. */
function lookAtApp(services: Services, name: string, app: AppEntry, deep: boolean): Promise<ComponentView> {
  const named = { kind: 'app', name, where: whereOf(app) } as const
  const { colors } = app
  return withLimit(named, (signal) =>
    colors === undefined
      ? readApp(services, named, app, { deep, signal })
      : readColoredApp(services, named, { ...app, colors }, { deep, signal }),
  )
}

/** Nodes are many: unasked, only those in trouble are told. */
async function nodesOf(services: Services, query: StatusQuery): Promise<ComponentView[]> {
  const lists = Object.keys(services.catalog.clusters).map(async (cluster) => {
    const named = { kind: 'node', name: cluster, where: cluster } as const
    const signal = AbortSignal.timeout(componentMs)
    return readNodes(services, cluster, signal).catch((error: unknown) => [
      error instanceof KubernetesError && error.status === 403
        ? unknown(named, 'forbidden', `${error.verb} ${error.resource}`)
        : unknown(named, 'cluster_away', error instanceof Error ? error.message : undefined),
    ])
  })
  const all = (await Promise.all(lists)).flat()
  if (query.name !== undefined) return all.filter((node) => node.name === query.name)
  return query.kind === 'node' ? all : all.filter((node) => node.state !== 'healthy')
}

async function withLimit(
  named: Named,
  look: (signal: AbortSignal) => Promise<ComponentView>,
  limitMs = componentMs,
): Promise<ComponentView> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), limitMs)
  const late = new Promise<ComponentView>((resolve) =>
    limit.signal.addEventListener('abort', () => resolve(unknown(named, 'no_answer', `${limitMs / 1000} s`))),
  )
  try {
    return await Promise.race([look(limit.signal), late])
  } catch (error) {
    return unknown(named, 'unexpected', error instanceof Error ? error.name : undefined)
  } finally {
    clearTimeout(timer)
  }
}

function runOf(runs: readonly RunRow[], component: Named): ComponentView['run'] {
  const run = runs.find((entry) => entry.subject.kind === component.kind && entry.subject.name === component.name)
  return run === undefined ? undefined : { id: run.id, operation: run.operation, by: run.actor.name, state: run.state }
}

async function limited<T>(promise: Promise<T>, instead: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(instead), componentMs)
  })
  return Promise.race([promise.catch(() => instead), late]).finally(() => clearTimeout(timer))
}
