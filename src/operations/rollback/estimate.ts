import { listAt, numberAt } from '../../services/kubernetes/api/json.ts'
import type { RollbackFacts } from './types.ts'

/** What a pod needs besides its probes: scheduling, a cached image, the start of the process. */
const startSeconds = 4

/**
 * A guess in seconds of how long the rollout takes: rounds of pods, each as long as a pod needs to be available. Pods of the
 * target revision that are ready already need no round. Pure.
 */
export function expectedSeconds(
  facts: Pick<RollbackFacts, 'counts' | 'strategy' | 'minReadySeconds' | 'workload' | 'readyByHash'>,
  target: { readonly template: unknown; readonly podHash: string },
): number {
  const { desired } = facts.counts
  const missing = Math.max(0, desired - (facts.readyByHash[target.podHash] ?? 0))
  const perRound = startSeconds + readySeconds(target.template) + facts.minReadySeconds
  return Math.max(2, Math.ceil(missing / roundSize(facts, desired)) * perRound)
}

function roundSize({ strategy, workload }: Pick<RollbackFacts, 'strategy' | 'workload'>, desired: number): number {
  if (strategy.type === 'Recreate') return Math.max(1, desired)
  if (workload.kind === 'statefulset') return 1
  const surge = count(strategy.maxSurge, desired, Math.ceil)
  const down = count(strategy.maxUnavailable, desired, Math.floor)
  return Math.max(1, surge + down)
}

function count(value: string | undefined, desired: number, round: (value: number) => number): number {
  if (value === undefined) return 0
  return value.endsWith('%') ? round((desired * Number(value.slice(0, -1))) / 100) : Number(value)
}

/** The slowest container: its first probe that can pass. */
function readySeconds(template: unknown): number {
  const each = listAt(template, 'spec', 'containers').map((container) =>
    ['startupProbe', 'readinessProbe'].reduce(
      (sum, probe) => sum + (numberAt(container, probe, 'initialDelaySeconds') ?? 0),
      0,
    ),
  )
  return Math.max(0, ...each)
}
