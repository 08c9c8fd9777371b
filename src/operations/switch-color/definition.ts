import { createHash } from 'node:crypto'
import { KubernetesError } from '../../services/kubernetes/api/errors.ts'
import type { ClusterClient } from '../../services/kubernetes/api/types.ts'
import { collectEvidence, presentable } from '../../services/kubernetes/pods/evidence.ts'
import { canonical } from '../../services/kubernetes/workload/template-equality.ts'
import { readWorkload } from '../../services/kubernetes/workload/workload.ts'
import { appOf } from '../rollback/workload-ref.ts'
import type { EvidenceItem, Operation } from '../types.ts'
import { readSwitchFacts, switchTarget } from './facts.ts'
import { type Pace, standardPace } from './pace.ts'
import { switchParams } from './params.ts'
import { decideSwitch } from './plan.ts'
import { readRoute } from './route.ts'
import { stepsOf } from './steps.ts'
import type { Side, SwitchFacts, SwitchParams, SwitchPlan } from './types.ts'
import { switchColor as runbook, stepNames } from './workflow.ts'

export type SwitchOperation = Operation<SwitchParams, SwitchFacts, SwitchPlan>

export const switchColor: SwitchOperation = makeSwitchColor(standardPace)

/** @param pace how often and how long the steps look */
export function makeSwitchColor(pace: Pace): SwitchOperation {
  return {
    name: 'switch-color',
    risk: 'reversible',
    params: switchParams,
    target: (params, catalog) => switchTarget(appOf(catalog, params.app)),
    subject: (params) => ({ kind: 'app', name: params.app }),
    readFacts: readSwitchFacts,
    decide: decideSwitch,
    fingerprint,
    captureEvidence: async (_params, plan, services) => evidenceOf(services.cluster(plan.route.cluster), plan),
    steps: stepNames,
    execute: (run) => runbook(run, stepsOf(run, pace)),
    undo: (_params, plan, outcome) => {
      if (outcome.detail['switched'] !== true) return undefined
      return { operation: 'switch-color', params: { app: plan.app, to: plan.from.color } }
    },
    view: (_params, plan) => {
      const { patch: _patch, backPatch: _back, warnings, ...facts } = plan
      const what = `${plan.route.kind}/${plan.route.name}`
      return { facts, warnings, changes: [{ path: what, before: plan.from.color, after: plan.to.color }] }
    },
  }
}

/** Which version people chose to be sent to, and the very patch that sends them. */
function fingerprint({ app, route, uid, from, to, patch }: SwitchPlan): unknown {
  const version = ({ color, workload, uid: of, source, templateKey }: Side) => ({
    color,
    workload,
    uid: of,
    source,
    templateKey,
  })
  return {
    app,
    route,
    uid,
    from: version(from),
    to: version(to),
    patch: createHash('sha256').update(canonical(patch)).digest('hex'),
  }
}

/** The route as it was, then the pods, logs and events of both colours: what serves first. */
async function evidenceOf(client: ClusterClient, plan: SwitchPlan): Promise<readonly EvidenceItem[]> {
  const parts = await Promise.all([
    routeEvidence(client, plan),
    ...[plan.from, plan.to].map(async ({ workload }) => collectEvidence(client, await readWorkload(client, workload))),
  ])
  return parts.flat()
}

async function routeEvidence(client: ClusterClient, { route }: SwitchPlan): Promise<readonly EvidenceItem[]> {
  const name = `${route.kind}/${route.name}`
  try {
    const raw = await readRoute(client, route)
    return [{ name, kind: 'object', content: JSON.stringify(presentable(raw), null, 2) }]
  } catch (error) {
    if (error instanceof KubernetesError) return [{ name, kind: 'note', content: error.message }]
    throw error
  }
}
