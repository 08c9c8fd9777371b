import { deploymentController } from './deployment/controller.ts'
import { endpointsController } from './endpoints.ts'
import { garbageController } from './garbage.ts'
import { namespaceController } from './namespaces.ts'
import { replicaSetController } from './replicaset.ts'
import type { Controller } from './run.ts'

export type ControllerOptions = { readonly nodeGraceMs: number }

/** What kube-controller-manager runs here. */
export function controllers(_options: ControllerOptions): readonly Controller[] {
  return [namespaceController, garbageController, deploymentController, replicaSetController, endpointsController]
}
