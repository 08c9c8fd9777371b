import type { KubeObject } from '../json.ts'
import type { Status } from '../status.ts'
import type { Change, Entry, Store } from '../store/store.ts'
import { checkVersion, type Filter, filterOf, wantedVersion } from './read.ts'
import { isTrue, type Place } from './request.ts'

export type Render = (entry: Entry) => string
export type WatchOptions = {
  readonly place: Place
  readonly query: URLSearchParams
  /** How an object is written: whole, as a table, its metadata alone. */
  readonly render: Render
  readonly bookmarkMs: number
  readonly send: (line: string) => void
  readonly end: () => void
}

const initialEnd = { 'k8s.io/initial-events-end': 'true' }

/**
 * Starts a watch: what is there (or what happened since the version), then every change, with bookmarks when asked.
 * A version that is forgotten ends it with an ERROR event that carries 410.
 * @returns stops it
 * @throws ApiError before anything is sent
 */
export function startWatch(store: Store, options: WatchOptions): () => void {
  const { place, query, render, send, end } = options
  checkVersion(store, query)
  const filter = filterOf(place, query)
  const resource = place.type.resource
  const wanted = wantedVersion(query)
  const initial =
    isTrue(query.get('sendInitialEvents')) ||
    ((wanted === undefined || wanted === 0) && query.get('sendInitialEvents') === null)
  const bookmarks = isTrue(query.get('allowWatchBookmarks'))
  const bookmark = (annotations?: object) => send(bookmarkLine(place, store.version(), annotations))

  if (initial) {
    for (const entry of store.list(resource, place.namespace))
      if (filter?.(entry.object) ?? true) send(line('ADDED', render(entry)))
    if (bookmarks) bookmark(initialEnd)
  } else {
    const missed = store.since(resource, wanted ?? store.version())
    if (missed === undefined) {
      send(line('ERROR', JSON.stringify(tooOld(wanted ?? 0, store.oldest(resource)))))
      end()
      return () => {}
    }
    for (const change of missed) forward(change, place.namespace, filter, render, send)
  }

  const unsubscribe = store.subscribe((change) => {
    if (change.resource === resource) forward(change, place.namespace, filter, render, send)
  })
  const marks = bookmarks ? setInterval(() => bookmark(), options.bookmarkMs) : undefined
  const seconds = Number(query.get('timeoutSeconds') ?? 0) || 1800 + Math.floor(Math.random() * 1800)
  const limit = setTimeout(() => {
    if (bookmarks) bookmark()
    stop()
    end()
  }, seconds * 1000)
  const stop = () => {
    unsubscribe()
    clearInterval(marks)
    clearTimeout(limit)
  }
  return stop
}

/** A change as this watcher sees it: an object that leaves the selection is deleted for it, one that enters is added. */
function forward(
  change: Change,
  namespace: string | undefined,
  filter: Filter | undefined,
  render: Render,
  send: (line: string) => void,
): void {
  const { entry, before, type } = change
  if (namespace !== undefined && entry.object.metadata.namespace !== namespace) return
  if (filter === undefined) {
    send(line(type, render(entry)))
    return
  }
  const was = before !== undefined && filter(before.object)
  const is = type !== 'DELETED' && filter(entry.object)
  if (type === 'DELETED') {
    if (was) send(line('DELETED', render(entry)))
  } else if (is) send(line(was ? 'MODIFIED' : 'ADDED', render(entry)))
  else if (was) send(line('DELETED', render(leaving(before, change.version))))
}

/** The last state that was in the selection, under the version of the change that took it out. */
function leaving(before: Entry, version: number): Entry {
  const object: KubeObject = {
    ...before.object,
    metadata: { ...before.object.metadata, resourceVersion: String(version) },
  }
  return { key: before.key, object, json: () => JSON.stringify(object), itemJson: () => JSON.stringify(object) }
}

function line(type: string, object: string): string {
  return `{"type":"${type}","object":${object}}\n`
}

function bookmarkLine(place: Place, version: number, annotations: object | undefined): string {
  const metadata = { resourceVersion: String(version), ...(annotations === undefined ? {} : { annotations }) }
  return line('BOOKMARK', JSON.stringify({ kind: place.type.kind, apiVersion: place.type.apiVersion, metadata }))
}

function tooOld(wanted: number, oldest: number): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `too old resource version: ${wanted} (${oldest})`,
    reason: 'Expired',
    code: 410,
  }
}
