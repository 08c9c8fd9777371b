import { z } from 'zod'

/**
 * What a request meets instead of its answer. `reset`: the connection breaks before anything is done; `lost`: the request is done, its
 * answer never arrives; `hang`: no answer; `half-open`: headers come, then nothing more. Without an answer the request is only late.
 */
const answerSchema = z.union([
  z.enum(['reset', 'lost', 'hang', 'half-open']),
  z.strictObject({
    status: z.number().int().min(100).max(599),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
])

const faultSchema = z.strictObject({
  match: z.strictObject({
    method: z.string().optional(),
    /** Against path and query; a text is a regular expression too. */
    path: z.union([z.instanceof(RegExp), z.string()]).optional(),
  }),
  times: z.number().int().min(1).default(1),
  answer: answerSchema.optional(),
  delayMs: z.number().int().min(0).optional(),
})

export type Fault = z.input<typeof faultSchema>
export type FaultAnswer = z.output<typeof answerSchema>
export type Taken = { readonly answer: FaultAnswer | undefined; readonly delayMs: number }

export type Faults = {
  /** @throws ZodError when the fault is malformed */
  add(fault: unknown): void
  /** Faults that were not met as often as they were meant: a test with some left has not tested what it says. */
  unused(): readonly Fault[]
  clear(): void
  /** Takes one use of the first fault that fits. */
  take(method: string, url: string): Taken | undefined
}

/** Faults are queued data: first in, first met. */
export function createFaults(): Faults {
  let queue: { fault: z.output<typeof faultSchema>; path: RegExp | undefined; left: number }[] = []
  return {
    add: (input) => {
      const fault = faultSchema.parse(input)
      const path = fault.match.path
      queue.push({ fault, path: typeof path === 'string' ? new RegExp(path) : path, left: fault.times })
    },
    unused: () => queue.map((one) => one.fault),
    clear: () => {
      queue = []
    },
    take: (method, url) => {
      const met = queue.find(
        ({ fault, path }) => (fault.match.method ?? method) === method && (path === undefined || path.test(url)),
      )
      if (met === undefined) return undefined
      met.left -= 1
      if (met.left === 0) queue = queue.filter((one) => one !== met)
      return { answer: met.fault.answer, delayMs: met.fault.delayMs ?? 0 }
    },
  }
}
