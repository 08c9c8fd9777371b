import type { IncomingMessage } from 'node:http'
import { type Place, verbOf } from '../api/request.ts'

/** One request, as tests and the bench count them. */
export type LoggedRequest = {
  readonly method: string
  /** Path without the query. */
  readonly path: string
  readonly query: string
  readonly verb: string
  readonly user: string
  readonly impersonated: string | undefined
  readonly impersonatedGroups: readonly string[]
  readonly userAgent: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** 0 while it is not answered (a watch that runs), or never was. */
  status: number
}

export type RequestLog = {
  readonly all: readonly LoggedRequest[]
  add(request: LoggedRequest): LoggedRequest
  clear(): void
}

/** Keeps the last requests. */
export function createRequestLog(keep = 50_000): RequestLog {
  const all: LoggedRequest[] = []
  return {
    all,
    add: (request) => {
      all.push(request)
      if (all.length > keep * 1.2) all.splice(0, all.length - keep)
      return request
    },
    clear: () => void all.splice(0),
  }
}

/** The entry of a request before it is known who asks. */
export function logged(request: IncomingMessage, url: URL, place: Place | 'unknown' | undefined): LoggedRequest {
  const method = request.method ?? 'GET'
  return {
    method,
    path: url.pathname,
    query: url.search.slice(1),
    verb: place === undefined || place === 'unknown' ? method.toLowerCase() : verbOf(method, place, url.searchParams),
    user: '',
    impersonated: undefined,
    impersonatedGroups: [],
    userAgent: request.headers['user-agent'] ?? '',
    at: Date.now(),
    status: 0,
  }
}
