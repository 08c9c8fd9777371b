import { controllerManager, type WriteOptions } from '../api/context.ts'
import type { Registry } from '../api/registry.ts'
import type { KubeObject } from '../json.ts'
import { type ResourceType, resourceType, typeOfKind } from '../schema/resources.ts'
import { ApiError } from '../status.ts'
import type { Change } from '../store/store.ts'
import { createCorrelator, type Notice } from './events.ts'
import { createOwnerIndex, type OwnerIndex } from './index.ts'

/** What controllers work with: the API as any client sees it, an index, and events. */
export type World = {
  readonly registry: Registry
  readonly index: OwnerIndex
  list<T extends KubeObject>(resource: string, namespace?: string): T[]
  find<T extends KubeObject>(resource: string, namespace: string | undefined, name: string): T | undefined
  create<T extends KubeObject>(resource: string, namespace: string | undefined, object: object): T
  update<T extends KubeObject>(object: T): T
  /** Writes the status, and annotations with it. */
  updateStatus<T extends KubeObject>(object: T): T
  remove(object: KubeObject): void
  record(component: string, notice: Notice): void
}

export type Controller = {
  readonly name: string
  /** Keys to look at after a change. */
  keysOf(change: Change, world: World): readonly string[]
  /** Brings one object to where it should be. @returns milliseconds after which to look again, if any */
  sync(key: string, world: World): number | undefined
}

export const writeAs: WriteOptions = { caller: controllerManager, fieldValidation: 'Ignore' }

/**
 * Runs controllers on the store's changes. A sync that is refused (a conflict, a quota) is tried again with a growing pause.
 * @returns stops them
 */
export function runControllers(
  registry: Registry,
  controllers: readonly Controller[],
): { world: World; stop: () => void } {
  const world = createWorld(registry)
  const queues = controllers.map((controller) => createQueue((key) => controller.sync(key, world)))
  const unsubscribe = registry.store.subscribe((change) => {
    world.index.note(change)
    for (const [at, controller] of controllers.entries())
      for (const key of controller.keysOf(change, world)) queues[at]?.add(key)
  })
  return {
    world,
    stop: () => {
      unsubscribe()
      for (const queue of queues) queue.stop()
    },
  }
}

type Queue = { add(key: string): void; stop(): void }

/** Each key once, in turns of a few milliseconds, so that requests are answered in between. */
function createQueue(sync: (key: string) => number | undefined): Queue {
  const waiting = new Set<string>()
  const failures = new Map<string, number>()
  const timers = new Map<string, NodeJS.Timeout>()
  let scheduled = false
  let stopped = false

  const later = (key: string, ms: number) => {
    clearTimeout(timers.get(key))
    timers.set(
      key,
      setTimeout(() => {
        timers.delete(key)
        add(key)
      }, ms),
    )
  }
  const runOne = (key: string) => {
    try {
      const again = sync(key)
      failures.delete(key)
      if (again !== undefined) later(key, again)
    } catch (error) {
      // An object that a controller cannot digest must not take the whole cluster down; the real one logs and tries again too.
      if (!(error instanceof ApiError)) process.emitWarning(error instanceof Error ? error : String(error))
      const count = (failures.get(key) ?? 0) + 1
      failures.set(key, count)
      later(key, Math.min(5 * 2 ** count, 60_000))
    }
  }
  const turn = () => {
    scheduled = false
    const until = performance.now() + 8
    // What a sync itself adds comes in the next turn, after the other controllers had theirs.
    for (const key of [...waiting]) {
      if (stopped) return
      waiting.delete(key)
      runOne(key)
      if (performance.now() > until) break
    }
    schedule()
  }
  const schedule = () => {
    if (scheduled || stopped || waiting.size === 0) return
    scheduled = true
    setImmediate(turn)
  }
  const add = (key: string) => {
    waiting.add(key)
    schedule()
  }
  return {
    add,
    stop: () => {
      stopped = true
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}

function createWorld(registry: Registry): World {
  const { store } = registry
  const correlators = new Map<string, ReturnType<typeof createCorrelator>>()
  const typeOf = (object: KubeObject): ResourceType => {
    const type = typeOfKind(object.kind)
    if (type === undefined) throw new Error(`not served: ${object.kind}`)
    return type
  }
  const reference = ({ metadata }: KubeObject) => ({ namespace: metadata.namespace, name: metadata.name })
  return {
    registry,
    index: createOwnerIndex(store),
    list: <T extends KubeObject>(resource: string, namespace?: string) =>
      store.list(resource, namespace).map((entry) => entry.object as T),
    find: <T extends KubeObject>(resource: string, namespace: string | undefined, name: string) =>
      registry.find(resource, { namespace, name }) as T | undefined,
    create: <T extends KubeObject>(resource: string, namespace: string | undefined, object: object) =>
      registry.create(resourceType(resource), namespace, object, writeAs) as T,
    update: <T extends KubeObject>(object: T) =>
      registry.update(typeOf(object), reference(object), object, writeAs) as T,
    updateStatus: <T extends KubeObject>(object: T) =>
      registry.update(typeOf(object), reference(object), object, writeAs, 'status') as T,
    remove: (object) => {
      if (registry.find(typeOf(object).resource, reference(object)) !== undefined)
        registry.delete(typeOf(object), reference(object), { preconditions: { uid: object.metadata.uid } })
    },
    record: (component, notice) => {
      const correlate = correlators.get(component) ?? createCorrelator({ component })
      correlators.set(component, correlate)
      writeEvent(registry, correlate(notice))
    },
  }
}

/** An event that cannot be written (its namespace goes away) is lost, as it is on a real cluster. */
function writeEvent(registry: Registry, action: ReturnType<ReturnType<typeof createCorrelator>>): void {
  if (action.kind === 'drop') return
  const type = resourceType('events')
  const namespace = action.event.metadata.namespace
  try {
    const known =
      action.kind === 'patch' ? registry.find('events', { namespace, name: action.event.metadata.name }) : undefined
    if (action.kind === 'patch' && known !== undefined)
      registry.change(
        type,
        { namespace, name: known.metadata.name },
        (before) => ({ ...before, ...action.patch }),
        writeAs,
      )
    else registry.create(type, namespace, fresh(action.event), writeAs)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
  }
}

function fresh(event: KubeObject): object {
  return { ...event, metadata: { name: event.metadata.name, namespace: event.metadata.namespace } }
}
