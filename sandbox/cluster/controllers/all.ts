import { budgetController } from './budgets.ts'
import { daemonSetController } from './daemonset.ts'
import { deploymentController } from './deployment/controller.ts'
import { endpointsController } from './endpoints.ts'
import { taintEviction } from './eviction.ts'
import { garbageController } from './garbage.ts'
import { namespaceController } from './namespaces.ts'
import { nodeController } from './nodes.ts'
import { quotaController } from './quota.ts'
import { replicaSetController } from './replicaset.ts'
import type { Controller } from './run.ts'
import { statefulSetController } from './statefulset.ts'

export type ControllerOptions = {
  /** Silence of a node's heartbeat after which it is not ready. */
  readonly nodeGraceMs: number
  /** PEM that every namespace gets as kube-root-ca.crt. */
  readonly ca: string
}

/** What kube-controller-manager runs here. */
export function controllers({ nodeGraceMs, ca }: ControllerOptions): readonly Controller[] {
  return [
    namespaceController(ca),
    garbageController,
    replicaSetController,
    deploymentController,
    statefulSetController,
    daemonSetController,
    endpointsController,
    budgetController,
    quotaController,
    nodeController(nodeGraceMs),
    taintEviction(),
  ]
}
