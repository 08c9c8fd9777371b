import type { HealthCheck } from '../../catalog/schema.ts'
import { checkHealth, type HealthResult } from '../../services/http/health.ts'
import { KubernetesError } from '../../services/kubernetes/api/errors.ts'
import { pause } from '../../services/kubernetes/api/pause.ts'
import type { ClusterClient } from '../../services/kubernetes/api/types.ts'
import { readPods } from '../../services/kubernetes/pods/pods.ts'
import { readWorkload } from '../../services/kubernetes/workload/workload.ts'
import type { Report } from '../types.ts'
import { explain } from './facts.ts'
import type { Pace } from './pace.ts'
import type { PodProblem, RollbackPlan } from './types.ts'

export type Health = {
  readonly kind: 'healthy' | 'unhealthy'
  readonly checks: readonly HealthResult[]
  readonly problems: readonly PodProblem[]
  readonly tries: number
}

/** The catalog's HTTP checks and the pods, a few times: an ingress needs a moment to learn of new pods. */
export async function checkHealthAfter(
  client: ClusterClient,
  plan: RollbackPlan,
  checks: readonly HealthCheck[],
  pace: Pace,
  report: Report,
): Promise<Health> {
  for (let tries = 1; ; tries++) {
    const [results, problems] = await Promise.all([
      Promise.all(checks.map((check) => checkHealth(check))),
      problemsOrNone(client, plan),
    ])
    const good = results.every((result) => result.ok) && problems.every((problem) => problem.state !== 'failing')
    if (good || tries >= pace.healthTries)
      return { kind: good ? 'healthy' : 'unhealthy', checks: results, problems, tries }
    await report({ tries, of: pace.healthTries, checks: results })
    await pause(pace.healthPauseMs)
  }
}

async function problemsOrNone(client: ClusterClient, plan: RollbackPlan): Promise<readonly PodProblem[]> {
  try {
    const pods = await readPods(client, await readWorkload(client, plan.workload))
    return await explain(client, plan.workload, pods, [{ revision: plan.to.revision, podHash: plan.targetHash }])
  } catch (error) {
    if (error instanceof KubernetesError) return []
    throw error
  }
}
