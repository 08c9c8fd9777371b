import type { Api } from './api.ts'
import type { Container, LogLine } from './container-state.ts'

/** Gives logs to the simulated API server, which has no kubelet to ask; a real one asks the kubelet itself (log-server.ts). */
export type LogHandover = {
  changed(namespace: string, pod: string, container: Container): void
  settled(): Promise<void>
}

/** Several lines that come together are sent together. */
const gatherMs = 200

export function createLogHandover(api: Api): LogHandover {
  /** Told by the first answer. */
  let wanted = true
  const waiting = new Map<Container, NodeJS.Timeout>()
  const sentPrevious = new WeakMap<Container, readonly LogLine[]>()
  const under = new Set<Promise<void>>()

  const put = async (path: string, lines: readonly LogLine[]): Promise<void> => {
    const status = await api.putText(path, lines.map(stamped).join(''))
    if (status === 403 || status === 404 || status === 405) wanted = false
  }
  const send = async (namespace: string, pod: string, container: Container): Promise<void> => {
    const path = `/sandbox/logs/${namespace}/${pod}/${container.name}`
    const { log, previousLog } = container
    try {
      if (container.restarts > 0 && sentPrevious.get(container) !== previousLog) {
        await put(`${path}?previous=true`, previousLog)
        sentPrevious.set(container, previousLog)
      }
      if (wanted) await put(`${path}?previous=false`, log)
    } catch {
      // The cluster is away: the next line brings the whole log again.
    }
  }
  return {
    changed: (namespace, pod, container) => {
      if (!wanted || waiting.has(container)) return
      const begin = () => {
        waiting.delete(container)
        const sending = send(namespace, pod, container).finally(() => under.delete(sending))
        under.add(sending)
      }
      waiting.set(container, setTimeout(begin, gatherMs))
    },
    settled: async () => {
      for (const timer of waiting.values()) clearTimeout(timer)
      await Promise.all(under)
    },
  }
}

/** A line with its time in front, as container runtimes keep it. */
export function stamped(line: LogLine): string {
  return `${new Date(line.at).toISOString().replace('Z', '000000Z')} ${line.text}\n`
}
