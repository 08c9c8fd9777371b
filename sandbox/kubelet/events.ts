import { hasStatus } from '../../src/services/kubernetes/errors.ts'
import { type RawObject, textAt } from '../../src/services/kubernetes/json.ts'
import type { Api } from './api.ts'
import { timestamp } from './clock.ts'

export type Happening = {
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
  /** `spec.containers{app}` */
  readonly fieldPath?: string
}

export type Recorder = {
  /** Writes an event about an object, in order and in the background; a cluster that is away loses it, as in life. */
  record(about: RawObject, happening: Happening): void
}

type Known = { name: string; namespace: string; count: number }
type Bucket = { tokens: number; at: number }
type Similar = { messages: Set<string>; at: number }

/** The limits of client-go's recorder (tools/record/events_cache.go). */
const burst = 25
const refillMs = 300_000
const similarMost = 10
const similarMs = 600_000
const knownMost = 4096

/**
 * Events as client-go records them: an equal one raises `count`, many that differ by their message alone are merged, and one
 * object may send 25 and then one each 300 s.
 */
export function createRecorder(api: Api, component: string, host: string | undefined): Recorder {
  const known = new Map<string, Known>()
  const buckets = new Map<string, Bucket>()
  const similar = new Map<string, Similar>()
  let last: Promise<void> = Promise.resolve()

  const record: Recorder['record'] = (about, happening) => {
    const object = referenceTo(about, happening.fieldPath)
    const source = [object['kind'], object['namespace'], object['name'], object['uid'], happening.type].join('/')
    const family = `${source}/${happening.reason}`
    const combined = isCombined(similar, family, happening.message)
    if (!allowed(buckets, source)) return
    const message = combined ? `(combined from similar events): ${happening.message}` : happening.message
    const key = combined ? family : [family, object['fieldPath'], message].join('/')
    const at = Date.now()
    last = last.then(() => send(key, object, { ...happening, message }, at)).catch(() => undefined)
  }

  const send = async (key: string, object: RawObject, happening: Happening, at: number): Promise<void> => {
    const before = known.get(key)
    if (before !== undefined) {
      before.count += 1
      try {
        await api.write({
          method: 'PATCH',
          patch: 'strategic',
          path: `/api/v1/namespaces/${before.namespace}/events/${before.name}`,
          body: { message: happening.message, count: before.count, lastTimestamp: timestamp(at) },
        })
        return
      } catch (error) {
        if (!hasStatus(error, 404)) throw error
      }
    }
    const namespace = textAt(object, 'namespace') ?? 'default'
    const name = `${textAt(object, 'name') ?? ''}.${(BigInt(at) * 1_000_000n + BigInt(Math.floor(Math.random() * 1e6))).toString(16)}`
    await api.write({
      method: 'POST',
      path: `/api/v1/namespaces/${namespace}/events`,
      body: eventObject({ namespace, name, object, happening, at, component, host }),
    })
    remember(known, key, { name, namespace, count: 1 })
  }
  return { record }
}

function eventObject(parts: {
  readonly namespace: string
  readonly name: string
  readonly object: RawObject
  readonly happening: Happening
  readonly at: number
  readonly component: string
  readonly host: string | undefined
}): RawObject {
  const { namespace, name, object, happening, at, component, host } = parts
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace, name },
    involvedObject: object,
    type: happening.type,
    reason: happening.reason,
    message: happening.message,
    count: 1,
    firstTimestamp: timestamp(at),
    lastTimestamp: timestamp(at),
    source: { component, ...(host === undefined ? {} : { host }) },
    reportingComponent: component,
    reportingInstance: host ?? '',
  }
}

function referenceTo(about: RawObject, fieldPath: string | undefined): RawObject {
  const kind = textAt(about, 'kind') ?? 'Pod'
  const name = textAt(about, 'metadata', 'name') ?? ''
  // A kubelet names its node by name in place of the uid.
  if (kind === 'Node') return { kind, name, uid: name }
  return {
    apiVersion: 'v1',
    kind,
    namespace: textAt(about, 'metadata', 'namespace') ?? '',
    name,
    uid: textAt(about, 'metadata', 'uid') ?? '',
    resourceVersion: textAt(about, 'metadata', 'resourceVersion') ?? '',
    ...(fieldPath === undefined ? {} : { fieldPath }),
  }
}

function isCombined(similar: Map<string, Similar>, family: string, message: string): boolean {
  const now = Date.now()
  const before = similar.get(family)
  const recent = before !== undefined && now - before.at <= similarMs
  const entry = recent ? before : { messages: new Set<string>(), at: now }
  entry.at = now
  entry.messages.add(message)
  remember(similar, family, entry)
  if (entry.messages.size < similarMost) return false
  entry.messages.delete(message)
  return true
}

function allowed(buckets: Map<string, Bucket>, source: string): boolean {
  const now = Date.now()
  const bucket = buckets.get(source) ?? { tokens: burst, at: now }
  bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / refillMs)
  bucket.at = now
  remember(buckets, source, bucket)
  if (bucket.tokens < 1) return false
  bucket.tokens -= 1
  return true
}

/** The least recently used goes when there are too many. */
function remember<T>(entries: Map<string, T>, key: string, value: T): void {
  entries.delete(key)
  entries.set(key, value)
  const oldest = entries.keys().next().value
  if (entries.size > knownMost && oldest !== undefined) entries.delete(oldest)
}
