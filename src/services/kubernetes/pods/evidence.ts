import { isRecord, type RawObject, textAt } from '../api/json.ts'
import { podsPath } from '../api/paths.ts'
import type { ClusterClient } from '../api/types.ts'
import type { PodView } from '../watch/projections.ts'
import type { Workload } from '../workload/workload.ts'
import { type EventView, readEvents } from './events.ts'
import { livePods, readPods, restartsOf, troublesOf } from './pods.ts'
import { redactText, redactValue } from './redact.ts'

/** Something worth keeping before the pods are gone. */
export type Evidence = {
  readonly name: string
  readonly kind: 'log' | 'previous-log' | 'events' | 'object' | 'note'
  readonly content: string
}

const mostPods = 4
const tailLines = 200
const logBytes = 64_000
const eachMs = 4_000

/**
 * Logs (also of the container before), events and objects, failing pods first, without the values of secrets. Each part
 * has its own time limit; a part that fails becomes a note. Never throws.
 * @param withinMs of all parts together; what is not there by then is named in the note
 */
export async function collectEvidence(
  client: ClusterClient,
  workload: Workload,
  withinMs?: number,
): Promise<readonly Evidence[]> {
  const deadline = withinMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + withinMs
  const limit: Limit = () => ({ timeoutMs: Math.max(1, Math.min(eachMs, deadline - Date.now())) })
  const { namespace, name, kind } = workload.address
  const failures: string[] = []
  const tried = async <T>(what: string, read: () => Promise<T>, instead: T): Promise<T> => {
    try {
      return await read()
    } catch (error) {
      failures.push(`${what}: ${error instanceof Error ? error.message : 'failed'}`)
      return instead
    }
  }
  const pods = worstFirst(await tried('pods', () => readPods(client, workload, limit()), []))
  const kindName = { deployment: 'Deployment', statefulset: 'StatefulSet', daemonset: 'DaemonSet' }[kind]
  const parts = await Promise.all([
    tried('events', () => eventsOf(client, workload, kindName, pods, limit()), []),
    ...pods.map((pod) => tried(`pod ${pod.name}`, () => podObject(client, pod, limit()), [])),
    ...pods.flatMap((pod) => logsOf(client, pod, tried, limit)),
  ])
  return [
    { name: `${kind}/${name}`, kind: 'object', content: JSON.stringify(presentable(workload.raw), null, 2) },
    ...parts.flat(),
    ...(failures.length === 0
      ? []
      : [{ name: `not read in ${namespace}`, kind: 'note' as const, content: failures.join('\n') }]),
  ]
}

/** Failing pods, then others of the newest; a healthy one is kept for comparison. */
function worstFirst(pods: readonly PodView[]): readonly PodView[] {
  const live = livePods(pods)
  const troubled = new Set(troublesOf(live).map((trouble) => trouble.pod))
  const bad = [...live].filter((pod) => troubled.has(pod.name)).sort((a, b) => restartsOf(b) - restartsOf(a))
  const good = [...live].filter((pod) => !troubled.has(pod.name))
  return [...bad.slice(0, mostPods - 1), ...good.slice(0, 1)]
}

/** How long a call may take that begins now. */
type Limit = () => { readonly timeoutMs: number }
type Tried = <T>(what: string, read: () => Promise<T>, instead: T) => Promise<T>

function logsOf(client: ClusterClient, pod: PodView, tried: Tried, limit: Limit): Promise<Evidence[]>[] {
  return pod.containers.flatMap((container) => {
    const began = container.state === 'running' || container.state === 'terminated' || container.restarts > 0
    const now = began ? [readLog(client, pod, container.name, false, tried, limit)] : []
    return container.restarts > 0 ? [...now, readLog(client, pod, container.name, true, tried, limit)] : now
  })
}

async function readLog(
  client: ClusterClient,
  pod: PodView,
  container: string,
  previous: boolean,
  tried: Tried,
  limit: Limit,
): Promise<Evidence[]> {
  const name = `${pod.name}/${container}`
  const query = { container, tailLines, limitBytes: logBytes, timestamps: true, ...(previous ? { previous } : {}) }
  const path = `${podsPath(pod.namespace, pod.name)}/log`
  const text = await tried(
    `${previous ? 'previous log' : 'log'} ${name}`,
    () => client.text(path, query, { ...limit(), maxBytes: logBytes * 2 }),
    '',
  )
  return text === '' ? [] : [{ name, kind: previous ? 'previous-log' : 'log', content: redactText(text) }]
}

async function podObject(client: ClusterClient, pod: PodView, limit: ReturnType<Limit>): Promise<Evidence[]> {
  const raw = await client.get(podsPath(pod.namespace, pod.name), {}, limit)
  return [{ name: `pod/${pod.name}`, kind: 'object', content: JSON.stringify(presentable(raw), null, 2) }]
}

async function eventsOf(
  client: ClusterClient,
  workload: Workload,
  kind: string,
  pods: readonly PodView[],
  limit: ReturnType<Limit>,
): Promise<Evidence[]> {
  const { namespace, name } = workload.address
  const objects = [
    { kind, name, uid: workload.uid },
    ...pods.map((pod) => ({ kind: 'Pod', name: pod.name, uid: pod.uid })),
  ]
  const events = await Promise.all(objects.map((object) => readEvents(client, namespace, object, limit)))
  const lines = events
    .flat()
    .sort((a, b) => (a.lastAt < b.lastAt ? -1 : 1))
    .map(eventLine)
  return lines.length === 0 ? [] : [{ name: `events of ${name}`, kind: 'events', content: lines.join('\n') }]
}

function eventLine(event: EventView): string {
  const times = event.count > 1 ? ` (${event.count} times since ${event.firstAt})` : ''
  return redactText(
    `${event.lastAt} ${event.type} ${event.kind}/${event.name} ${event.reason}: ${event.message}${times}`,
  )
}

/** An object without noise, and without the values of variables that look secret. */
export function presentable(raw: RawObject): unknown {
  const hide = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(hide)
    if (typeof value === 'string') return redactText(value)
    if (!isRecord(value)) return value
    const name = textAt(value, 'name')
    const shown = textAt(value, 'value')
    if (name !== undefined && shown !== undefined) return { ...value, value: redactValue(name, shown) }
    const entries = Object.entries(value).filter(
      ([key]) => key !== 'managedFields' && key !== 'kubectl.kubernetes.io/last-applied-configuration',
    )
    return Object.fromEntries(entries.map(([key, inner]) => [key, hide(inner)]))
  }
  return hide(raw)
}
