import type { KubeObject } from '../json.ts'

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED'

/** One change of one object; `version` is the counter's value that the change was given. */
export type Change = {
  readonly version: number
  readonly type: ChangeType
  readonly resource: string
  readonly entry: Entry
  /** The object as it was before; undefined when it was created. */
  readonly before: Entry | undefined
}

/** A stored object and its JSON, written once however many read it; items of a list carry neither kind nor apiVersion. */
export type Entry = { readonly key: string; readonly object: KubeObject; json(): string; itemJson(): string }

export type Store = {
  /** The version of the last change. */
  version(): number
  get(resource: string, key: string): Entry | undefined
  /** All objects of a resource, in the order of their keys; of one namespace when it is given. */
  list(resource: string, namespace?: string): readonly Entry[]
  /** The same as it was at an older version. @returns undefined when that version is forgotten */
  listAt(resource: string, version: number, namespace?: string): readonly Entry[] | undefined
  count(resource: string): number
  /** Stores an object under the next version, which is written into its metadata. */
  put(resource: string, object: KubeObject): KubeObject
  /** Takes an object away; the last state that watchers see has the version of its deletion. */
  remove(resource: string, key: string): KubeObject | undefined
  /** Changes after a version. @returns undefined when some of them are forgotten */
  since(resource: string, version: number): readonly Change[] | undefined
  /** Called in order, at once, for every change. @returns ends it */
  subscribe(listener: (change: Change) => void): () => void
  /** Forgets the changes up to now (as etcd's compaction does). */
  compact(): void
  /** The oldest version from which a watch can start. */
  oldest(resource: string): number
}

/** Key of an object: `namespace/name`, or `name` of what has no namespace. */
export function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`
}

/** `order` holds the sorted keys of everything ('') and of each namespace. */
type Table = { objects: Map<string, Entry>; order: Map<string, string[]>; changes: Change[]; compacted: number }

/**
 * Objects in memory under one counter of versions.
 * @param keep how many changes of each resource are remembered for watches that start in the past
 */
export function createStore({ keep = 5_000 }: { readonly keep?: number } = {}): Store {
  const tables = new Map<string, Table>()
  const listeners = new Set<(change: Change) => void>()
  let counter = 0

  const tableOf = (resource: string): Table => {
    let table = tables.get(resource)
    if (table === undefined) {
      table = { objects: new Map(), order: new Map(), changes: [], compacted: 0 }
      tables.set(resource, table)
    }
    return table
  }

  const record = (table: Table, change: Change): void => {
    table.changes.push(change)
    if (table.changes.length > keep * 1.25) {
      const dropped = table.changes.splice(0, table.changes.length - keep)
      table.compacted = dropped.at(-1)?.version ?? table.compacted
    }
    for (const listener of [...listeners]) listener(change)
  }

  const since = (table: Table, version: number): readonly Change[] | undefined => {
    if (version < table.compacted) return undefined
    return table.changes.slice(firstAfter(table.changes, version))
  }

  return {
    version: () => counter,
    count: (resource) => tableOf(resource).objects.size,
    get: (resource, key) => tableOf(resource).objects.get(key),
    list: (resource, namespace) => entriesOf(tableOf(resource), namespace),
    listAt: (resource, version, namespace) => {
      const table = tableOf(resource)
      if (version >= counter) return entriesOf(table, namespace)
      const later = since(table, version)
      if (later === undefined) return undefined
      const then = new Map(table.objects)
      for (const change of [...later].reverse())
        if (change.before === undefined) then.delete(change.entry.key)
        else then.set(change.entry.key, change.before)
      return [...then.values()].filter(inNamespace(namespace)).sort(byKey)
    },
    put: (resource, object) => {
      const table = tableOf(resource)
      counter += 1
      object.metadata.resourceVersion = String(counter)
      const key = keyOf(object.metadata.namespace, object.metadata.name)
      const before = table.objects.get(key)
      const entry = entryOf(key, object)
      table.objects.set(key, entry)
      if (before === undefined) reorder(table, entry, insert)
      record(table, { version: counter, type: before === undefined ? 'ADDED' : 'MODIFIED', resource, entry, before })
      return object
    },
    remove: (resource, key) => {
      const table = tableOf(resource)
      const before = table.objects.get(key)
      if (before === undefined) return undefined
      table.objects.delete(key)
      reorder(table, before, drop)
      counter += 1
      const last = { ...before.object, metadata: { ...before.object.metadata, resourceVersion: String(counter) } }
      record(table, { version: counter, type: 'DELETED', resource, entry: entryOf(key, last), before })
      return last
    },
    since: (resource, version) => since(tableOf(resource), version),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    compact: () => {
      for (const table of tables.values()) {
        table.changes = []
        table.compacted = counter
      }
    },
    oldest: (resource) => tableOf(resource).compacted,
  }
}

function entryOf(key: string, object: KubeObject): Entry {
  let text: string | undefined
  const inner = (): string => {
    if (text === undefined) {
      const { kind: _kind, apiVersion: _apiVersion, ...rest } = object
      text = JSON.stringify(rest).slice(1)
    }
    return text
  }
  return {
    key,
    object,
    json: () => `{"kind":${JSON.stringify(object.kind)},"apiVersion":${JSON.stringify(object.apiVersion)},${inner()}`,
    itemJson: () => `{${inner()}`,
  }
}

function reorder(table: Table, entry: Entry, change: (keys: string[], key: string) => void): void {
  const namespace = entry.object.metadata.namespace
  for (const slot of namespace === undefined ? [''] : ['', namespace]) {
    const keys = table.order.get(slot) ?? []
    change(keys, entry.key)
    table.order.set(slot, keys)
  }
}

function insert(keys: string[], key: string): void {
  keys.splice(position(keys, key), 0, key)
}

function drop(keys: string[], key: string): void {
  const index = position(keys, key)
  if (keys[index] === key) keys.splice(index, 1)
}

function position(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((keys[middle] ?? '') < key) low = middle + 1
    else high = middle
  }
  return low
}

function entriesOf(table: Table, namespace: string | undefined): readonly Entry[] {
  const entries: Entry[] = []
  for (const key of table.order.get(namespace ?? '') ?? []) {
    const entry = table.objects.get(key)
    if (entry !== undefined) entries.push(entry)
  }
  return entries
}

function inNamespace(namespace: string | undefined): (entry: Entry) => boolean {
  return namespace === undefined ? () => true : (entry) => entry.object.metadata.namespace === namespace
}

function byKey(a: Entry, b: Entry): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0
}

/** Index of the first change after a version (they are in order). */
function firstAfter(changes: readonly Change[], version: number): number {
  let low = 0
  let high = changes.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((changes[middle]?.version ?? 0) <= version) low = middle + 1
    else high = middle
  }
  return low
}
