import type { Pod } from '../kinds.ts'
import { badRequest } from '../status.ts'

/** What the kubelet handed over of one container: the whole log so far, with RFC 3339 times in front of each line or without. */
export type Logs = {
  put(key: LogKey, text: string): void
  get(key: LogKey): string | undefined
  /** Called with the whole text whenever it changes. @returns ends it */
  follow(key: LogKey, listener: (text: string) => void): () => void
  forget(namespace: string, pod: string): void
}

export type LogKey = {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly previous: boolean
}

export function createLogs(): Logs {
  const texts = new Map<string, string>()
  const listeners = new Map<string, Set<(text: string) => void>>()
  const nameOf = ({ namespace, pod, container, previous }: LogKey) =>
    `${namespace}/${pod}/${container}${previous ? '/previous' : ''}`
  return {
    put: (key, text) => {
      texts.set(nameOf(key), text)
      for (const listener of listeners.get(nameOf(key)) ?? []) listener(text)
    },
    get: (key) => texts.get(nameOf(key)),
    follow: (key, listener) => {
      const found = listeners.get(nameOf(key)) ?? new Set()
      listeners.set(nameOf(key), found.add(listener))
      return () => void found.delete(listener)
    },
    forget: (namespace, pod) => {
      for (const name of texts.keys()) if (name.startsWith(`${namespace}/${pod}/`)) texts.delete(name)
    },
  }
}

/** Which container's log is meant. @throws ApiError 400 for a wrong one, or for none where there are several */
export function chosenContainer(pod: Pod, wanted: string | null): string {
  const names = pod.spec.containers.map((one) => one.name)
  const all = [...names, ...(pod.spec.initContainers ?? []).map((one) => one.name)]
  if (wanted !== null && wanted !== '') {
    if (!all.includes(wanted)) throw badRequest(`container ${wanted} is not valid for pod ${pod.metadata.name}`)
    return wanted
  }
  const [only] = names
  if (names.length === 1 && only !== undefined) return only
  const marked = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container']
  if (marked !== undefined && names.includes(marked)) return marked
  throw badRequest(
    `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]`,
  )
}

/**
 * Why there is no log to read, in the words of the kubelet. @throws ApiError 400
 */
export function refuseWithoutLog(pod: Pod, container: string, previous: boolean): void {
  const status = [...(pod.status.containerStatuses ?? []), ...(pod.status.initContainerStatuses ?? [])].find(
    (one) => one.name === container,
  )
  if (previous) {
    if (status?.lastState.terminated === undefined)
      throw badRequest(
        `previous terminated container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.metadata.name)} not found`,
      )
    return
  }
  const waiting = status?.state.waiting
  if (waiting === undefined || status?.lastState.terminated !== undefined) return
  const why: Record<string, string> = {
    ErrImagePull: "image can't be pulled",
    ImagePullBackOff: 'trying and failing to pull image',
    ContainerCreating: 'ContainerCreating',
  }
  throw badRequest(
    `container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.metadata.name)} is waiting to start: ${why[waiting.reason ?? ''] ?? waiting.reason ?? 'ContainerCreating'}`,
  )
}

const stamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z) /

/** Cuts a log as the query asks: tailLines, sinceSeconds, sinceTime, limitBytes, timestamps. */
export function cutLog(text: string, query: URLSearchParams, now: number): string {
  let lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  const since = query.has('sinceSeconds')
    ? now - Number(query.get('sinceSeconds')) * 1000
    : query.has('sinceTime')
      ? Date.parse(query.get('sinceTime') ?? '')
      : undefined
  if (since !== undefined)
    lines = lines.filter((line) => Date.parse(stamp.exec(line)?.[1] ?? '') >= since || !stamp.test(line))
  const tail = query.get('tailLines')
  if (tail !== null && Number(tail) >= 0) lines = Number(tail) === 0 ? [] : lines.slice(-Number(tail))
  if (query.get('timestamps') !== 'true') lines = lines.map((line) => line.replace(stamp, ''))
  const cut = lines.map((line) => `${line}\n`).join('')
  const limit = query.get('limitBytes')
  return limit === null ? cut : Buffer.from(cut).subarray(0, Number(limit)).toString('utf8')
}
