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
