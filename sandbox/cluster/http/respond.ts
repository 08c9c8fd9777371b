import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiError, failure } from '../status.ts'

const bodyLimit = 3 * 1024 * 1024

export function send(response: ServerResponse, status: number, json: string, contentType = 'application/json'): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-cache, private' }).end(json)
}

/** Answers with the Status of a refusal; what is no refusal is an internal error. */
export function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy()
  const status =
    error instanceof ApiError
      ? error.status
      : failure(
          500,
          'InternalError',
          `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`,
        ).status
  const retry = status.details?.retryAfterSeconds
  if (retry !== undefined) response.setHeader('retry-after', String(retry))
  send(response, status.code, JSON.stringify(status))
}

/** @throws ApiError 413 above 3 MiB */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += (part as Buffer).length
    if (size > bodyLimit) throw failure(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728', {})
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts)
}
