import { z } from 'zod'

const answerSchema = z.union([
  z.enum(['reset', 'hang', 'accepted-then-reset']),
  z.strictObject({ status: z.number().int().min(400).max(599), retryAfter: z.number().int().min(0).optional() }),
  z.strictObject({ error: z.string().min(1) }),
])

export const faultSchema = z.strictObject({
  /** A Web API method, or `*` for any. */
  method: z.string().min(1),
  /** Only calls that name this channel. */
  channel: z.string().min(1).optional(),
  times: z.number().int().min(1).default(1),
  answer: answerSchema,
})

type Fault = z.input<typeof faultSchema>
export type FaultAnswer = z.output<typeof answerSchema>

export type Faults = {
  /** @throws when the fault is not of this form */
  add(fault: Fault): void
  /** Faults that nothing has met yet: a test with some left over has not tested what it says. */
  unused(): readonly Fault[]
  clear(): void
  /** Takes one use of the first fault that fits. */
  take(method: string, channel: string): FaultAnswer | undefined
}

/** Faults are queued data: first in, first met. */
export function createFaults(): Faults {
  let queue: z.output<typeof faultSchema>[] = []
  return {
    add: (fault) => void queue.push(faultSchema.parse(fault)),
    unused: () => queue.map((fault) => ({ ...fault })),
    clear: () => {
      queue = []
    },
    take: (method, channel) => {
      const fault = queue.find(
        (one) =>
          (one.method === '*' || one.method === method) && (one.channel === undefined || one.channel === channel),
      )
      if (fault === undefined) return undefined
      fault.times -= 1
      queue = queue.filter((one) => one.times > 0)
      return fault.answer
    },
  }
}
