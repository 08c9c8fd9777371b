import type { ServerResponse } from 'node:http'
import { chosenContainer, cutLog, type LogKey, type Logs, refuseWithoutLog } from '../api/logs.ts'
import type { Pod } from '../kinds.ts'

/** Answers `GET .../pods/NAME/log`, following it when asked until the client goes. @throws ApiError 400 */
export function answerLog(logs: Logs, pod: Pod, query: URLSearchParams, response: ServerResponse): void {
  const container = chosenContainer(pod, query.get('container'))
  const previous = query.get('previous') === 'true'
  const key: LogKey = { namespace: pod.metadata.namespace ?? '', pod: pod.metadata.name, container, previous }
  refuseWithoutLog(pod, container, previous)
  const text = logs.get(key) ?? ''
  response.writeHead(200, { 'content-type': 'text/plain' })
  if (query.get('follow') !== 'true' || previous) return void response.end(cutLog(text, query, Date.now()))
  response.flushHeaders()
  response.write(cutLog(text, query, Date.now()))
  let sent = text.length
  const rest = new URLSearchParams(query.has('timestamps') ? { timestamps: query.get('timestamps') ?? '' } : {})
  const stop = logs.follow(key, (whole) => {
    // A shorter text is a new container's log: it is followed from its start.
    const from = whole.length < sent ? 0 : sent
    sent = whole.length
    response.write(cutLog(whole.slice(from), rest, Date.now()))
  })
  response.on('close', stop)
}

/** Reads `/sandbox/logs/NAMESPACE/POD/CONTAINER`, where the kubelet puts the whole log so far. */
export function logKeyOf(path: string, query: URLSearchParams): LogKey | undefined {
  const [, namespace, pod, container] = /^\/sandbox\/logs\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path) ?? []
  if (namespace === undefined || pod === undefined || container === undefined) return undefined
  return { namespace, pod, container, previous: query.get('previous') === 'true' }
}
