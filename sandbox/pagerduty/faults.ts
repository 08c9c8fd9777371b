import { z } from 'zod'

/** What a request meets instead of the usual answer. `accepted-not-paged`: 202, and no incident ever. */
const answerSchema = z.union([
  z.enum(['reset', 'hang', 'accepted-then-reset', 'accepted-not-paged']),
  z.strictObject({
    status: z.number().int().min(200).max(599),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    retryAfter: z.number().optional(),
  }),
])

export const faultSchema = z.strictObject({
  /** The path's beginning, such as `/v2/enqueue`. */
  path: z.string().startsWith('/'),
  method: z.enum(['GET', 'POST', 'PUT']).optional(),
  times: z.number().int().min(1).default(1),
  answer: answerSchema,
})

export type Fault = z.input<typeof faultSchema>
export type FaultAnswer = z.output<typeof answerSchema>

export type Faults = {
  add(fault: Fault): void
  /** Faults that nothing has met yet: a test with some left over has not tested what it says. */
  unused(): readonly Fault[]
  clear(): void
  /** Takes one use of the first fault that fits. */
  take(method: string, path: string): FaultAnswer | undefined
}

/** Faults are queued data: first in, first met. */
export function createFaults(): Faults {
  let queue: z.output<typeof faultSchema>[] = []
  return {
    add: (fault) => void queue.push(faultSchema.parse(fault)),
    unused: () => queue,
    clear: () => {
      queue = []
    },
    take: (method, path) => {
      const fault = queue.find((one) => path.startsWith(one.path) && (!one.method || one.method === method))
      if (!fault) return undefined
      fault.times -= 1
      if (fault.times === 0) queue = queue.filter((one) => one !== fault)
      return fault.answer
    },
  }
}
