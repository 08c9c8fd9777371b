import type { Logger } from 'pino'
import { hasStatus } from '../api/errors.ts'
import type { Query } from '../api/exchange.ts'
import { type RawObject, textAt } from '../api/json.ts'
import type { ClusterClient, WatchEvent } from '../api/types.ts'
import { keepWatching } from './keep-watching.ts'

/** Smaller than usual: a page of whole pods is in memory twice while it is read. */
const pageSize = 50

/** What is kept of an object: only what somebody reads (10,000 pods must fit in memory). */
export type Projection = { readonly uid: string; readonly namespace: string; readonly name: string }

export type ReflectorOptions<T extends Projection> = {
  readonly client: ClusterClient
  readonly path: string
  readonly query?: Query
  readonly project: (object: RawObject) => T
  /** `before` is undefined for a new object; a name that came back with another uid is a removal and a new object. */
  readonly onChange?: (now: T, before: T | undefined) => void
  readonly onRemove?: (last: T) => void
  /** After each complete list: everything known is true as of now. */
  readonly onSynced?: () => void
  readonly signal: AbortSignal
  readonly log: Logger
  /** Silence after which a connection counts as dead; servers send a bookmark about each minute. */
  readonly idleMs?: number
  /** Ceiling of the back-off between attempts. */
  readonly longestPauseMs?: number
}

export type Reflector<T> = {
  get(namespace: string, name: string): T | undefined
  values(): IterableIterator<T>
  readonly size: number
  /** Resolves after the first complete list; never rejects. */
  readonly synced: Promise<void>
  /** Seconds since the server last gave a sign of life (an answer, an event, a bookmark). */
  lagSeconds(): number
  /** Resolves when the signal has ended it. */
  readonly done: Promise<void>
}

/**
 * Lists, then watches, for ever: client-node's informer stops on ECONNRESET and 5xx, knows no bookmarks and no paging.
 * A handler that throws is logged and ends nothing.
 */
export function startReflector<T extends Projection>(options: ReflectorOptions<T>): Reflector<T> {
  const known = new Map<string, T>()
  const { signal, log } = options
  let lastSign = Date.now()
  let markSynced = (): void => {}
  const synced = new Promise<void>((resolve) => {
    markSynced = resolve
  })
  const sign = (): void => {
    lastSign = Date.now()
  }
  const safely = (handler: () => void): void => {
    try {
      handler()
    } catch (error) {
      log.error({ path: options.path, err: error }, 'a handler of watched objects failed')
    }
  }
  const keep = (object: RawObject): string => {
    const now = options.project(object)
    const key = keyOf(now)
    const before = known.get(key)
    if (before !== undefined && before.uid !== now.uid) {
      known.delete(key)
      safely(() => options.onRemove?.(before))
    }
    known.set(key, now)
    safely(() => options.onChange?.(now, before?.uid === now.uid ? before : undefined))
    return key
  }
  const drop = (key: string, uid: string | undefined): void => {
    const last = known.get(key)
    if (last === undefined || (uid !== undefined && last.uid !== uid)) return
    known.delete(key)
    safely(() => options.onRemove?.(last))
  }

  const relist = async (): Promise<string> => {
    const seen = new Set<string>()
    const onPage = (items: readonly RawObject[]): void => {
      sign()
      for (const item of items) seen.add(keep(item))
    }
    const version = await options.client.pages(options.path, { limit: pageSize, ...options.query }, onPage, { signal })
    for (const key of [...known.keys()]) if (!seen.has(key)) drop(key, undefined)
    sign()
    markSynced()
    safely(() => options.onSynced?.())
    return version
  }

  const follow = async (from: string): Promise<string> => {
    let version = from
    const onEvent = (event: WatchEvent): void => {
      sign()
      version = textAt(event.object, 'metadata', 'resourceVersion') ?? version
      if (event.type === 'BOOKMARK') return
      if (event.type !== 'DELETED') keep(event.object)
      else drop(keyOf(options.project(event.object)), textAt(event.object, 'metadata', 'uid'))
    }
    const query = { ...options.query, resourceVersion: from, timeoutSeconds: 240 + Math.floor(Math.random() * 60) }
    try {
      await options.client.watch(options.path, query, onEvent, { signal, idleMs: options.idleMs ?? 90_000 })
    } catch (error) {
      // What was seen before the break is not asked for again.
      if (version === from || hasStatus(error, 410)) throw error
      log.debug({ path: options.path, err: error }, 'a watch broke and goes on where it was')
    }
    return version
  }

  return {
    get: (namespace, name) => known.get(`${namespace}/${name}`),
    values: () => known.values(),
    get size() {
      return known.size
    },
    synced,
    lagSeconds: () => (Date.now() - lastSign) / 1000,
    done: keepWatching({ ...options, relist, follow }),
  }
}

function keyOf(projection: Projection): string {
  return `${projection.namespace}/${projection.name}`
}
