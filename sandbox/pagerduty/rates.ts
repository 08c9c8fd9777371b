/** A window of one minute, counted from its first request. */
export type Rate = {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  readonly resetSeconds: number
}

/** @returns a function that counts one request of a key (a routing key or a token) and says whether it may pass. */
export function perMinute(limit: number): (key: string) => Rate {
  const windows = new Map<string, { since: number; count: number }>()
  return (key) => {
    const now = Date.now()
    let window = windows.get(key)
    if (!window || now - window.since >= 60_000) {
      window = { since: now, count: 0 }
      windows.set(key, window)
    }
    window.count += 1
    return {
      allowed: window.count <= limit,
      limit,
      remaining: Math.max(0, limit - window.count),
      resetSeconds: Math.ceil((window.since + 60_000 - now) / 1000),
    }
  }
}
