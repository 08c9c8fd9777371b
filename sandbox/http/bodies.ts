import type { IncomingMessage } from 'node:http'

const bodyLimit = 8 * 1024 * 1024

/**
 * The whole body.
 * @param limit bytes
 * @throws when it is longer than the limit or the connection breaks
 */
export async function readBody(request: IncomingMessage, limit = bodyLimit): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > limit) throw new Error(`the body is longer than ${limit} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

export type JsonBody = { readonly ok: true; readonly value: unknown } | { readonly ok: false }

/** The body as JSON; an empty body is an empty object. */
export async function readJson(request: IncomingMessage): Promise<JsonBody> {
  const text = (await readBody(request)).toString('utf8')
  if (text.trim() === '') return { ok: true, value: {} }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false }
  }
}
