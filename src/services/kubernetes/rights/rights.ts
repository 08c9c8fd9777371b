import type { WorkloadKind } from '../api/paths.ts'
import type { Right } from './access-review.ts'

export type NeededRight = Pick<Right, 'verb' | 'group' | 'resource'>

/** What the catalog asks of one namespace. */
export type Needs = {
  readonly kinds: readonly WorkloadKind[]
  /** What chooses between two colours, where an app has them. */
  readonly routes: readonly ('service' | 'ingress')[]
}

const right = (group: string, resource: string, ...verbs: readonly string[]): NeededRight[] =>
  verbs.map((verb) => ({ verb, group, resource }))

/** To look: status, plans, evidence, and the watch for bad releases. Always the bot's own. */
export function rightsToLook({ kinds, routes }: Needs): readonly NeededRight[] {
  const histories = [...new Set(kinds.map((kind) => (kind === 'deployment' ? 'replicasets' : 'controllerrevisions')))]
  return [
    ...kinds.flatMap((kind) => right('apps', `${kind}s`, 'get', 'list', 'watch')),
    ...histories.flatMap((history) => right('apps', history, 'list', 'watch')),
    ...right('', 'pods', 'get', 'list', 'watch'),
    ...right('', 'pods/log', 'get'),
    ...right('', 'events', 'list', 'watch'),
    ...right('', 'services', 'list'),
    ...right('', 'configmaps', 'get'),
    ...right('', 'secrets', 'get'),
    ...right('networking.k8s.io', 'ingresses', 'list'),
    ...right('autoscaling', 'horizontalpodautoscalers', 'list'),
    ...right('policy', 'poddisruptionbudgets', 'list'),
    ...(routes.length === 0 ? [] : right('', 'services', 'get')),
    ...(routes.length === 0 ? [] : right('discovery.k8s.io', 'endpointslices', 'list')),
    ...(routes.includes('ingress') ? right('networking.k8s.io', 'ingresses', 'get') : []),
  ]
}

/** As `rightsToLook`, for the whole cluster: a node's fault is no release's fault. */
export const rightsToLookAtNodes: readonly NeededRight[] = right('', 'nodes', 'list', 'watch')

/** To change: the bot's own, or those of the person who confirms where the catalog impersonates. */
export function rightsToAct({ kinds, routes }: Needs): readonly NeededRight[] {
  return [
    ...kinds.flatMap((kind) => right('apps', `${kind}s`, 'get', 'patch')),
    // The broken pods that an ordered StatefulSet waits for.
    ...(kinds.includes('statefulset') ? right('', 'pods', 'list', 'delete') : []),
    ...(routes.includes('service') ? right('', 'services', 'get', 'patch') : []),
    ...(routes.includes('ingress') ? right('networking.k8s.io', 'ingresses', 'get', 'patch') : []),
  ]
}
