import type { Json } from '../model/types.ts'

export type EnvelopeType = 'slash_commands' | 'interactive' | 'events_api'

/** Something that the app must hear of, and answer within 3 s. */
export type Envelope = {
  readonly id: string
  readonly type: EnvelopeType
  readonly payload: Json
  readonly acceptsResponse: boolean
}

/** What became of it: the app answered, stayed silent, was not there, or answered with an HTTP error. */
export type Delivered =
  | { readonly kind: 'acked'; readonly payload: unknown }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'refused'; readonly status: number }

export type Attempt = { readonly number: number; readonly reason: string }

/** The way to the app: Socket Mode or HTTP. */
export type Link = {
  deliver(envelope: Envelope, attempt?: Attempt): Promise<Delivered>
  stop(): void
}

/** How long Slack waits for an ack. */
export const usualAckMs = 3000
