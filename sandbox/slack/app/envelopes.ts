import { randomUUID } from 'node:crypto'
import { isObject } from '../model/json.ts'
import type { Attempt, Envelope } from './delivery.ts'

export const newEnvelopeId = (): string => randomUUID()

/** Only events say which attempt this is. */
export function encode(envelope: Envelope, attempt: Attempt): string {
  return JSON.stringify({
    envelope_id: envelope.id,
    type: envelope.type,
    payload: envelope.payload,
    accepts_response_payload: envelope.acceptsResponse,
    ...(envelope.type === 'events_api' ? { retry_attempt: attempt.number, retry_reason: attempt.reason } : {}),
  })
}

/** An ack as it came; undefined for anything that is no JSON object. */
export function readAck(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
