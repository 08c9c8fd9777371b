import { numberAt, type RawObject, textAt } from '../api/json.ts'
import { inNamespace } from '../api/paths.ts'
import type { ClusterClient, Limits } from '../api/types.ts'

/** An event as people read it. Identical ones are one object with a growing count; events are hints, pod status is the truth. */
export type EventView = {
  readonly uid: string
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly count: number
  readonly firstAt: string
  readonly lastAt: string
  readonly kind: string
  readonly name: string
}

export function eventView(raw: RawObject): EventView {
  const time = textAt(raw, 'eventTime')
  const lastAt = textAt(raw, 'series', 'lastObservedTime') ?? textAt(raw, 'lastTimestamp') ?? time
  return {
    uid: textAt(raw, 'metadata', 'uid') ?? '',
    type: textAt(raw, 'type') ?? 'Normal',
    reason: textAt(raw, 'reason') ?? '',
    message: textAt(raw, 'message') ?? '',
    count: numberAt(raw, 'series', 'count') ?? numberAt(raw, 'count') ?? 1,
    firstAt: textAt(raw, 'firstTimestamp') ?? time ?? textAt(raw, 'metadata', 'creationTimestamp') ?? '',
    lastAt: lastAt ?? textAt(raw, 'metadata', 'creationTimestamp') ?? '',
    kind: textAt(raw, 'involvedObject', 'kind') ?? '',
    name: textAt(raw, 'involvedObject', 'name') ?? '',
  }
}

/** The events of one object, oldest first. @throws KubernetesError */
export async function readEvents(
  client: ClusterClient,
  namespace: string,
  object: { readonly kind: string; readonly name: string; readonly uid?: string },
  limits?: Limits,
): Promise<readonly EventView[]> {
  const fields = {
    'involvedObject.kind': object.kind,
    'involvedObject.name': object.name,
    'involvedObject.uid': object.uid,
  }
  const fieldSelector = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
  const { items } = await client.list(inNamespace('/api/v1', namespace, 'events'), { fieldSelector }, limits)
  return items.map(eventView).sort((a, b) => (a.lastAt < b.lastAt ? -1 : 1))
}
