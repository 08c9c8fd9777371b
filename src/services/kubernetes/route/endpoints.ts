import { at, listAt, textAt } from '../api/json.ts'
import { inNamespace } from '../api/paths.ts'
import type { ClusterClient, Limits } from '../api/types.ts'

/** Where a Service really sends people now. */
export type Endpoints = {
  /** Names of the pods that take requests. */
  readonly ready: readonly string[]
  /** Addresses that take none, or no longer. */
  readonly notReady: number
}

/**
 * From the EndpointSlices of a Service, which are what proxies follow. An endpoint that does not say whether it is ready
 * counts as ready, as its API reference demands. @throws KubernetesError
 */
export async function readEndpoints(
  client: ClusterClient,
  namespace: string,
  service: string,
  limits?: Limits,
): Promise<Endpoints> {
  const { items } = await client.list(
    inNamespace('/apis/discovery.k8s.io/v1', namespace, 'endpointslices'),
    { labelSelector: `kubernetes.io/service-name=${service}` },
    limits,
  )
  // A slice without ports reaches nobody: the pods do not name the port that the Service asks for.
  const endpoints = items.flatMap((slice) =>
    listAt(slice, 'endpoints').map((endpoint) => ({ endpoint, reachable: listAt(slice, 'ports').length > 0 })),
  )
  const named = endpoints.map(({ endpoint, reachable }) => ({
    name: textAt(endpoint, 'targetRef', 'name') ?? textAt(listAt(endpoint, 'addresses')[0]) ?? '',
    ready: reachable && at(endpoint, 'conditions', 'ready') !== false,
  }))
  // A pod with two address families stands in two slices.
  const ready = new Set(named.filter((one) => one.ready).map(({ name }) => name))
  const others = new Set(named.filter(({ name }) => !ready.has(name)).map(({ name }) => name))
  return { ready: [...ready].sort(), notReady: others.size }
}
