import { hasStatus } from '../../src/services/kubernetes/api/errors.ts'
import { type RawObject, textAt } from '../../src/services/kubernetes/api/json.ts'
import type { Api } from './api.ts'
import { timestamp } from './clock.ts'
import { createEventLimits, remember } from './event-limits.ts'

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

/**
 * Events as client-go records them: an equal one raises `count`, many that differ by their message alone are merged, and one
 * object may send 25 and then one each 300 s.
 */
export function createRecorder(api: Api, component: string, host: string | undefined): Recorder {
  const known = new Map<string, Known>()
  const limits = createEventLimits()
  let last: Promise<void> = Promise.resolve()

  const record: Recorder['record'] = (about, happening) => {
    const object = referenceTo(about, happening.fieldPath)
    const source = [object['kind'], object['namespace'], object['name'], object['uid'], happening.type].join('/')
    const family = `${source}/${happening.reason}`
    const combined = limits.combines(family, happening.message)
    if (!limits.allows(source)) return
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
