import { type RawObject, textAt } from '../../services/kubernetes/api/json.ts'
import { eventView } from '../../services/kubernetes/pods/events.ts'
import type { Projection } from '../../services/kubernetes/watch/reflector.ts'

/** What an event says of an object. Events are hints: a source may send 25 and then one in five minutes. */
export type EventFacts = Projection & {
  readonly about: string
  readonly says: Saying
  readonly container: string | undefined
  readonly message: string
  /** Equal ones are one object whose count grows. */
  readonly count: number
  readonly at: string
}

/** `refused`: nobody listens at the port yet; `unready`: somebody answers, and the answer is bad. */
export type Saying = 'liveness_kill' | 'startup_kill' | 'refused' | 'unready' | 'no_mount' | 'no_pod' | 'other'

/** All that events say of one object. */
export type Evidence = Readonly<Partial<Record<Saying, Told>>>
export type Told = {
  readonly count: number
  readonly message: string
  readonly container: string | undefined
  readonly at: string
}

/** Events that are watched, as field selectors: what goes wrong, and the kubelet's ending of containers, which is no warning. */
export const watchedEvents = ['type=Warning', 'reason=Killing,involvedObject.kind=Pod'] as const

export function eventFacts(raw: RawObject): EventFacts {
  const event = eventView(raw)
  const says = sayingOf(event.reason, event.message)
  return {
    uid: event.uid,
    namespace: textAt(raw, 'metadata', 'namespace') ?? '',
    name: textAt(raw, 'metadata', 'name') ?? '',
    about: textAt(raw, 'involvedObject', 'uid') ?? '',
    says,
    container: /\{(.+)\}$/.exec(textAt(raw, 'involvedObject', 'fieldPath') ?? '')?.[1],
    message: says === 'other' ? '' : event.message.slice(0, 300),
    count: event.count,
    at: event.lastAt,
  }
}

function sayingOf(reason: string, message: string): Saying {
  if (reason === 'Killing' && message.endsWith('failed liveness probe, will be restarted')) return 'liveness_kill'
  if (reason === 'Killing' && message.endsWith('failed startup probe, will be restarted')) return 'startup_kill'
  // The words of merged events begin with "(combined from similar events): ".
  if (reason === 'Unhealthy' && message.includes('Readiness probe failed'))
    return message.includes('connection refused') ? 'refused' : 'unready'
  if (reason === 'FailedMount' && message.includes('not found')) return 'no_mount'
  return reason === 'FailedCreate' ? 'no_pod' : 'other'
}

/** Adds up counts, so that it does not matter in which order, or how often, the same events come. */
export function evidenceOf(events: Iterable<EventFacts>): Evidence {
  const found: Partial<Record<Saying, Told>> = {}
  for (const { says, count, message, container, at } of events) {
    if (says === 'other') continue
    const before = found[says]
    const isLater = before === undefined || at > before.at || (at === before.at && message > before.message)
    const newest = isLater ? { message, container, at } : before
    found[says] = { ...newest, count: count + (before?.count ?? 0) }
  }
  return found
}
