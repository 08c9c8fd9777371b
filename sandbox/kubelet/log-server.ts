import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { selfSigned } from '../cluster/http/tls.ts'
import type { Container, LogLine } from './container-state.ts'
import { stamped } from './log-handover.ts'

export type LogServer = { readonly port: number; stop(): Promise<void> }

/** @returns the containers of a pod of this node; undefined: there is no such pod here */
export type FindContainers = (namespace: string, pod: string) => readonly Container[] | undefined

let credentials: ReturnType<typeof selfSigned> | undefined

/** A kubelet's own port, where the API server fetches logs: `GET /containerLogs/NAMESPACE/POD/CONTAINER`. */
export async function startLogServer(find: FindContainers): Promise<LogServer> {
  credentials ??= selfSigned('kubelet')
  const server = createServer(credentials, (request, response) => answer(find, request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(find: FindContainers, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'https://127.0.0.1')
  const [, place, namespace = '', pod = '', name = ''] = url.pathname.split('/').map(decodeURIComponent)
  const refuse = (status: number, words: string): void => {
    response.writeHead(status, { 'content-type': 'text/plain' }).end(words)
  }
  const containers = place === 'containerLogs' ? find(namespace, pod) : undefined
  const container = containers?.find((one) => one.name === name)
  const previous = url.searchParams.get('previous') === 'true'
  const problem = container === undefined ? undefined : absent(container, pod, previous)
  if (place !== 'containerLogs') refuse(404, '404 page not found\n')
  else if (containers === undefined) refuse(404, `pod "${pod}" does not exist\n`)
  else if (container === undefined) refuse(404, `container ${name} not found in pod ${pod}_${namespace}\n`)
  else if (problem !== undefined) refuse(400, problem)
  else send(container, previous, url.searchParams, response)
}

function send(container: Container, previous: boolean, query: URLSearchParams, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/plain' })
  const lines = previous ? container.previousLog : container.log
  if (query.get('follow') === 'true' && !previous) follow(container, lines, query, response)
  else response.end(shown(lines, query))
}

function absent(container: Container, pod: string, previous: boolean): string | undefined {
  if (previous && (container.last === undefined || container.restarts === 0))
    return `previous terminated container "${container.name}" in pod "${pod}" not found`
  if (container.id !== '') return undefined
  const reason = container.state.kind === 'waiting' ? container.state.reason : ''
  const words =
    { ErrImagePull: "image can't be pulled", ImagePullBackOff: 'trying and failing to pull image' }[reason] ?? reason
  return `container "${container.name}" in pod "${pod}" is waiting to start: ${words}`
}

function shown(lines: readonly LogLine[], query: URLSearchParams): string {
  const sinceSeconds = Number(query.get('sinceSeconds'))
  const since = sinceSeconds > 0 ? Date.now() - sinceSeconds * 1000 : Date.parse(query.get('sinceTime') ?? '') || 0
  const tail = query.get('tailLines')
  const young = lines.filter((line) => line.at >= since)
  const wanted = tail === null ? young : young.slice(Math.max(0, young.length - Number(tail)))
  const text = wanted.map((line) => asText(line, query)).join('')
  const limit = Number(query.get('limitBytes'))
  return limit > 0 ? Buffer.from(text).subarray(0, limit).toString() : text
}

const asText = (line: LogLine, query: URLSearchParams): string =>
  query.get('timestamps') === 'true' ? stamped(line) : `${line.text}\n`

/** Sends new lines as they come, until the container's instance ends or the reader goes. */
function follow(
  container: Container,
  lines: readonly LogLine[],
  query: URLSearchParams,
  response: ServerResponse,
): void {
  response.write(shown(lines, query))
  let sent = lines.length
  const timer = setInterval(() => {
    for (const line of lines.slice(sent)) response.write(asText(line, query))
    sent = lines.length
    if (container.log === lines && container.state.kind === 'running') return
    clearInterval(timer)
    response.end()
  }, 400)
  response.on('close', () => clearInterval(timer))
}
