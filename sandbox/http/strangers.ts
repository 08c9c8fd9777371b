import type { IncomingMessage } from 'node:http'

const loopback = new Set(['127.0.0.1', 'localhost'])

/**
 * Why a request is not from this machine's own page or programs, or undefined.
 * The Host check stops DNS rebinding, the Origin check stops other sites' pages. Programs send no Origin;
 * some leave the port out of Host.
 */
export function strangerReason(
  request: IncomingMessage,
  port: number,
): 'host_not_allowed' | 'origin_not_allowed' | undefined {
  const host = URL.parse(`http://${request.headers.host ?? ''}`)
  if (host === null || !loopback.has(host.hostname)) return 'host_not_allowed'
  const { origin } = request.headers
  if (origin === undefined) return undefined
  const from = URL.parse(origin)
  const ours =
    from !== null && from.protocol === 'http:' && loopback.has(from.hostname) && Number(from.port || 80) === port
  return ours ? undefined : 'origin_not_allowed'
}
