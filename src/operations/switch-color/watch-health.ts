import type { HealthCheck } from '../../catalog/schema.ts'
import { checkHealth, type HealthResult } from '../../services/http/health.ts'
import { KubernetesError } from '../../services/kubernetes/api/errors.ts'
import { pause } from '../../services/kubernetes/api/pause.ts'
import { lastingReason } from '../rollback/lasting.ts'
import { isReached, lookOnce, type Reached, type Trouble, type Watch } from './await-endpoints.ts'

export type Health = {
  readonly checks: readonly HealthResult[]
  readonly reached: Reached
  readonly rounds: number
} & (
  | { readonly kind: 'healthy' }
  /** `why`: the checks of the catalog did not pass, or nobody was reached any more. */
  | { readonly kind: 'unhealthy'; readonly why: 'health' | 'endpoints' }
  | Trouble
)

/**
 * The service through its route, for a while: a version that looks ready may still answer errors. Several failed rounds in
 * a row are a failure, one is not: an ingress needs a moment to learn of new pods.
 */
export async function watchHealth(watch: Watch, checks: readonly HealthCheck[]): Promise<Health> {
  const { pace, colors } = watch.place
  const began = Date.now()
  let failures = 0
  let away = began
  let seen: { checks: readonly HealthResult[]; reached: Reached } = {
    checks: [],
    reached: { ready: 0, notReady: 0, old: 0 },
  }
  for (let rounds = 1; ; rounds++) {
    const results = await Promise.all(checks.map((check) => checkHealth(check)))
    const passed = results.every((result) => result.ok)
    try {
      const { reached, flipped } = await lookOnce(watch)
      seen = { checks: results, reached }
      away = Date.now()
      if (flipped !== undefined) return { ...flipped, ...seen, rounds }
      const good = passed && isReached(reached)
      failures = good ? 0 : failures + 1
      if (failures >= pace.failuresInARow)
        return { kind: 'unhealthy', why: isReached(reached) ? 'health' : 'endpoints', ...seen, rounds }
      if (good && Date.now() - began >= colors.watchSeconds * 1000) return { kind: 'healthy', ...seen, rounds }
    } catch (error) {
      if (!(error instanceof KubernetesError)) throw error
      const reason = lastingReason(error)
      const lasts = reason ?? (Date.now() - away >= pace.awayMs ? 'cluster_away' : undefined)
      if (lasts !== undefined) return { kind: 'unwatchable', reason: lasts, message: error.message, ...seen, rounds }
    }
    if (await watch.stopRequested()) return { kind: 'stopped', ...seen, rounds }
    const seconds = Math.round((Date.now() - began) / 1000)
    await watch.report({
      checks: results,
      ...seen.reached,
      seconds,
      of: colors.watchSeconds,
      failures,
      allowed: pace.failuresInARow,
    })
    await pause(pace.pollMs)
  }
}
