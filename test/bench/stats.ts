export type Spread = {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly most: number
  readonly count: number
}

/** Nearest rank; NaN of nothing. */
export function spreadOf(all: readonly number[]): Spread {
  const sorted = [...all].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), most: at(1), count: sorted.length }
}

/** Milliseconds that the work takes. @throws what the work throws */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** Looks again and again until something is there. @throws Error naming it when it does not come */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  { seconds = 60, everyMs = 20 }: { readonly seconds?: number; readonly everyMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + seconds * 1000
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new Error(`not seen within ${seconds} s: ${what}`)
    await pause(everyMs)
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
