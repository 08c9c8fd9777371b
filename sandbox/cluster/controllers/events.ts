import { canonical, type KubeObject } from '../json.ts'
import { timestamp } from '../time.ts'

export type Notice = {
  readonly about: KubeObject
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
  /** `spec.containers{web}`. */
  readonly fieldPath?: string
}
export type Source = { readonly component: string; readonly host?: string }

export type EventAction =
  | { readonly kind: 'create'; readonly event: KubeObject }
  | {
      readonly kind: 'patch'
      readonly namespace: string
      readonly name: string
      readonly patch: object
      readonly event: KubeObject
    }
  | { readonly kind: 'drop' }

const aggregateFrom = 10
const aggregateWindowMs = 600_000
const burst = 25
const refillMs = 300_000

type Known = { event: KubeObject & { count: number }; lastAt: number }

/**
 * Correlates events as client-go's recorder does: identical ones bump `count`; from the 10th distinct message in 600 s they are
 * merged; more than 25 about one object wait for one token each 300 s.
 */
export function createCorrelator(source: Source): (notice: Notice, now?: number) => EventAction {
  const known = new Map<string, Known>()
  const similar = new Map<string, { messages: Set<string>; lastAt: number }>()
  const tokens = new Map<string, { left: number; at: number }>()

  const merged = (notice: Notice, now: number): Notice & { key: string } => {
    const group = canonical([source, identityOf(notice), notice.type, notice.reason])
    const exact = `${group} ${notice.message}`
    let seen = similar.get(group)
    if (seen === undefined || now - seen.lastAt > aggregateWindowMs) seen = { messages: new Set(), lastAt: now }
    seen.messages.add(notice.message)
    seen.lastAt = now
    similar.set(group, seen)
    if (seen.messages.size < aggregateFrom) return { ...notice, key: exact }
    return { ...notice, message: `(combined from similar events): ${notice.message}`, key: group }
  }

  /** The bucket of client-go's spam filter: one for each source and object. */
  const mayPass = (notice: Notice, now: number): boolean => {
    const key = canonical([source, { ...identityOf(notice), fieldPath: undefined }])
    const bucket = tokens.get(key) ?? { left: burst, at: now }
    bucket.left = Math.min(burst, bucket.left + (now - bucket.at) / refillMs)
    bucket.at = now
    tokens.set(key, bucket)
    if (bucket.left < 1) return false
    bucket.left -= 1
    return true
  }

  return (notice, now = Date.now()) => {
    const wanted = merged(notice, now)
    if (!mayPass(notice, now)) return { kind: 'drop' }
    const before = known.get(wanted.key)
    if (before !== undefined) {
      const { event } = before
      event.count += 1
      event['lastTimestamp'] = timestamp(now)
      event['message'] = wanted.message
      before.lastAt = now
      const patch = { count: event.count, lastTimestamp: event['lastTimestamp'], message: wanted.message }
      return {
        kind: 'patch',
        namespace: event.metadata.namespace ?? 'default',
        name: event.metadata.name,
        patch,
        event,
      }
    }
    const event = eventOf(wanted, source, now)
    known.set(wanted.key, { event, lastAt: now })
    if (known.size > 4096) known.delete(known.keys().next().value ?? '')
    return { kind: 'create', event }
  }
}

/** The reference without the version: an object stays itself when it changes. */
function identityOf(notice: Notice): object {
  return { ...referenceOf(notice), resourceVersion: undefined }
}

function referenceOf(notice: Notice): object {
  const { about, fieldPath } = notice
  return {
    kind: about.kind,
    ...(about.metadata.namespace === undefined ? {} : { namespace: about.metadata.namespace }),
    name: about.metadata.name,
    uid: about.metadata.uid,
    apiVersion: about.apiVersion,
    ...(about.metadata.resourceVersion ? { resourceVersion: about.metadata.resourceVersion } : {}),
    ...(fieldPath === undefined ? {} : { fieldPath }),
  }
}

let last = 0n

/** Names end in the time in nanoseconds; two at once differ. */
function nanoseconds(now: number): string {
  const wanted = BigInt(now) * 1_000_000n
  last = wanted > last ? wanted : last + 1n
  return last.toString(16)
}

function eventOf(notice: Notice, source: Source, now: number): KubeObject & { count: number } {
  const at = timestamp(now)
  const namespace = notice.about.metadata.namespace ?? 'default'
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: `${notice.about.metadata.name}.${nanoseconds(now)}`,
      namespace,
      uid: '',
      resourceVersion: '',
      creationTimestamp: '',
    },
    involvedObject: referenceOf(notice),
    reason: notice.reason,
    message: notice.message,
    source: { component: source.component, ...(source.host === undefined ? {} : { host: source.host }) },
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
    type: notice.type,
    eventTime: null,
    reportingComponent: source.component,
    reportingInstance: source.host ?? '',
  }
}
