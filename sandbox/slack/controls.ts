import { z } from 'zod'
import { sendJson } from '../http/answers.ts'
import { readJson } from '../http/bodies.ts'
import type { Exchange } from '../http/exchange.ts'
import type { SocketControls } from './app/socket-types.ts'
import { type Faults, faultSchema } from './faults.ts'

export type Controls = {
  readonly faults: Faults
  readonly sockets: SocketControls
  goAway(away: boolean): void
  isAway(): boolean
  strictRates(strict: boolean): void
}

const bodySchema = z.union([
  faultSchema,
  z.strictObject({ sockets: z.enum(['dropAll', 'duplicateNext', 'halfOpenAll', 'refreshAll']) }),
  z.strictObject({ away: z.boolean() }),
  z.strictObject({ strictRates: z.boolean() }),
  z.strictObject({ clear: z.literal(true) }),
])

const allowed = [
  '{method, times, answer: {status, retryAfter?} | {error} | "reset" | "hang" | "accepted-then-reset", channel?}',
  '{sockets: dropAll | duplicateNext | halfOpenAll | refreshAll}',
  '{away: boolean}',
  '{strictRates: boolean}',
  '{clear: true}',
]

/** `/sandbox/faults`: GET tells what is still queued, POST adds one. */
export async function serveFaults(controls: Controls, { method, request, response }: Exchange): Promise<void> {
  const state = () => ({
    ok: true,
    unused: controls.faults.unused(),
    away: controls.isAway(),
    connections: controls.sockets.count(),
  })
  if (method === 'GET') return sendJson(response, state())
  const body = await readJson(request)
  const parsed = bodySchema.safeParse(body.ok ? body.value : undefined)
  if (method !== 'POST' || !parsed.success) {
    return sendJson(response, { ok: false, error: 'invalid_fault', field: 'body', allowed }, 400)
  }
  const given = parsed.data
  if ('sockets' in given) controls.sockets[given.sockets]()
  else if ('away' in given) controls.goAway(given.away)
  else if ('strictRates' in given) controls.strictRates(given.strictRates)
  else if ('clear' in given) controls.faults.clear()
  else controls.faults.add(given)
  sendJson(response, state())
}
