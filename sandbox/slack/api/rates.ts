import type { Clock } from '../model/types.ts'
import type { Tier } from './method.ts'

const perMinute: Readonly<Record<1 | 2 | 3 | 4, number>> = { 1: 1, 2: 20, 3: 50, 4: 100 }

export type Rates = {
  strict: boolean
  /** @returns whole seconds to wait, or undefined when the call may go on */
  readonly take: (method: string, tier: Tier, channel: string) => number | undefined
}

/** Slack's rate tiers, counted by sliding windows; nothing is limited unless `strict` is set. */
export function createRates(clock: Clock, strict: boolean): Rates {
  const calls = new Map<string, number[]>()
  const rates: Rates = {
    strict,
    take: (method, tier, channel) => {
      if (!rates.strict || tier === 'none') return undefined
      const [key, most, windowMs] = tier === 'post' ? [`post ${channel}`, 1, 1000] : [method, perMinute[tier], 60_000]
      const now = clock()
      const recent = (calls.get(key) ?? []).filter((at) => at > now - windowMs)
      calls.set(key, recent)
      const [oldest] = recent
      if (recent.length >= most && oldest !== undefined) return Math.max(1, Math.ceil((oldest + windowMs - now) / 1000))
      recent.push(now)
      return undefined
    },
  }
  return rates
}
