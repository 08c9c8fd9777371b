/** An answer of the page's server; `error` is one of its words, `data` the whole of it when it is no such object. */
export type Reply = {
  readonly ok: boolean
  readonly error?: string
  readonly data?: unknown
  readonly [field: string]: unknown
}

/** @returns the answer, or `{ok: false, error: 'not_connected'}`: being offline is an expected state of a page. */
export async function get(path: string, query: Record<string, string | undefined> = {}): Promise<Reply> {
  const url = new URL(path, location.origin)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value)
  return request(url, { headers: { accept: 'application/json' } })
}

export async function post(path: string, body: object = {}): Promise<Reply> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  return request(new URL(path, location.origin), { method: 'POST', headers, body: JSON.stringify(body) })
}

async function request(url: URL, options: RequestInit): Promise<Reply> {
  try {
    const response = await fetch(url, options)
    const data: unknown = await response.json()
    if (typeof data === 'object' && data !== null && 'ok' in data) return { ...data, ok: data.ok === true, data }
    return { ok: response.ok, data }
  } catch {
    return { ok: false, error: 'not_connected' }
  }
}

/**
 * Makes a load that never runs twice at once: calls during a run cause one more run after it,
 * so the last state always arrives and an older answer never overwrites a newer one.
 */
export function coalesced(load: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let again = false
  const run = async () => {
    do {
      again = false
      await load()
    } while (again)
    running = undefined
  }
  return () => {
    if (running) again = true
    else running = run()
    return running
  }
}
