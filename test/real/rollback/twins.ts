import { expect } from 'vitest'
import type { RollbackParams } from '../../../src/operations/rollback/types.ts'
import { isRecord, numberAt, type RawObject, textAt } from '../../../src/services/kubernetes/api/json.ts'
import { historyPath } from '../../../src/services/kubernetes/api/paths.ts'
import { livePods, readPods } from '../../../src/services/kubernetes/pods/pods.ts'
import { canonical } from '../../../src/services/kubernetes/workload/template-equality.ts'
import { read } from '../../kubernetes/apps.ts'
import { execute, plan } from '../../kubernetes/scenario.ts'
import { until } from '../../world/back-end.ts'
import {
  type App,
  type AppOptions,
  patientPace,
  podUids,
  type RollbackWorld,
  settled,
  startApp,
} from '../../world/rollback-world.ts'
import { kubectlWith, type Ran } from '../kubernetes/kubectl.ts'

/** Two equal apps in two namespaces: one is undone by `kubectl rollout undo`, the other by the bot. */
export type Twins = {
  readonly theirs: App
  readonly ours: App
  both(does: (app: App) => Promise<unknown>): Promise<void>
  kubectl(...args: readonly string[]): Promise<Ran>
  /** Undoes both, each its own way. @param to the revision; absent: the one before */
  undo(to?: number): Promise<void>
}

export async function startTwins(
  world: RollbackWorld,
  name: string,
  options: Omit<AppOptions, 'namespace'>,
  create = (more: AppOptions) => startApp(world, more),
): Promise<Twins> {
  const [theirs, ours] = await Promise.all([
    create({ ...options, namespace: `${name}-kubectl` }),
    create({ ...options, namespace: `${name}-rescue` }),
  ])
  const kubectl = (...args: readonly string[]) => kubectlWith(world.kubeconfig)(['-n', theirs.namespace, ...args])
  return {
    theirs,
    ours,
    kubectl,
    both: async (does) => void (await Promise.all([does(theirs), does(ours)])),
    undo: async (to) => {
      const asked = to === undefined ? [] : [`--to-revision=${to}`]
      const [{ code, err }] = await Promise.all([
        kubectl('rollout', 'undo', `${theirs.kind}/porttrack-app`, ...asked),
        undoByUs(ours, to === undefined ? {} : { toRevision: to }),
      ])
      if (code !== 0) throw new Error(`kubectl rollout undo: ${err}`)
      if (await hasPods(theirs)) await settled(theirs)
    },
  }
}

export async function undoByUs(app: App, params: Partial<RollbackParams>): Promise<void> {
  const { outcome } = await execute(app, await plan(app, params), { pace: patientPace })
  if (outcome.kind !== 'verified') throw new Error(`not undone: ${JSON.stringify(outcome)}`)
}

async function hasPods({ admin, path }: App): Promise<boolean> {
  return numberAt(await admin.get(path), 'spec', 'replicas') !== 0
}

/** A release that everybody waits for. */
export const rolledOut = async (app: App, tag: string, container?: RawObject): Promise<void> => {
  await app.release(tag, container)
  await settled(app)
}

/**
 * The workload, its status, and its whole history, but for what must differ: namespace, uids, versions, times, who manages
 * which field, and in how many steps a ReplicaSet was scaled.
 */
export async function lasting({ admin, path, namespace, kind }: App): Promise<{ workload: unknown; history: unknown }> {
  const { items } = await admin.list(historyPath({ namespace, kind, name: '' }))
  const history = items
    .map((item) => comparable(item, namespace, [...always, ...steps]))
    .sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1))
  return { workload: comparable(await admin.get(path), namespace), history }
}

/**
 * Controllers work at their own pace: they are compared until they agree, for a while. @param image what both must run
 */
export async function expectEqual({ theirs, ours }: Twins, image = 'app:2.7.3'): Promise<void> {
  const both = async () => ({ theirs: await lasting(theirs), ours: await lasting(ours) })
  const pair = await until('they are equal', async () => {
    const now = await both()
    return canonical(now.theirs) === canonical(now.ours) && now
  }).catch(both)
  expect(pair.ours).toEqual(pair.theirs)
  expect([await theirs.image(), await ours.image()]).toEqual([image, image])
}

/** Until pods of two revisions are there. */
export async function inFlight(app: App): Promise<void> {
  await until('both revisions have pods', async () => {
    const pods = livePods(await readPods(app.admin, await read(app)))
    return new Set(pods.map((pod) => pod.podHash)).size === 2
  })
}

export async function withoutPods(app: App): Promise<void> {
  await until('no pod is left', async () => (await podUids(app)).length === 0)
}

const steps = ['generation', 'observedGeneration']
const always = ['uid', 'resourceVersion', 'creationTimestamp', 'managedFields', 'lastUpdateTime', 'lastTransitionTime']

function comparable(value: unknown, namespace: string, without: readonly string[] = always): unknown {
  if (Array.isArray(value)) return value.map((each) => comparable(each, namespace, without))
  if (typeof value === 'string') return value.replaceAll(namespace, 'NAMESPACE')
  if (!isRecord(value)) return value
  const entries = Object.entries(value)
    .filter(([key]) => !without.includes(key))
    .map(([key, inner]) => [key, comparable(key === 'conditions' ? byType(inner) : inner, namespace, without)])
  return Object.fromEntries(entries)
}

/** Controllers write them in the order in which things happened. */
function byType(conditions: unknown): readonly unknown[] {
  const type = (one: unknown): string => textAt(one, 'type') ?? ''
  return Array.isArray(conditions) ? conditions.toSorted((a, b) => (type(a) < type(b) ? -1 : 1)) : []
}
