import { isDeepStrictEqual } from 'node:util'
import type { Colors } from '../../catalog/colors.ts'
import type { AppEntry } from '../../catalog/schema.ts'
import { type RawObject, textAt, textsAt } from '../../services/kubernetes/api/json.ts'
import type { ClusterClient, GetOptions } from '../../services/kubernetes/api/types.ts'
import { backendPatch, backendsOf, ingressPath } from '../../services/kubernetes/route/ingress.ts'
import { seenSelector, selectorPatch, servicePath, withSelected } from '../../services/kubernetes/route/services.ts'
import { gitOpsOwner } from '../../services/kubernetes/workload/gitops.ts'
import { writersOf } from '../../services/kubernetes/workload/managed-fields.ts'
import type { PatchOperation } from '../../services/kubernetes/workload/undo-patch.ts'
import type { RouteFacts, RouteRef, Seen, Side } from './types.ts'

export function routeRef(app: AppEntry, { route }: Colors): RouteRef {
  return { cluster: app.cluster, namespace: app.namespace, kind: route.kind, name: route.name }
}

export function routePath({ kind, namespace, name }: RouteRef): string {
  return kind === 'service' ? servicePath(namespace, name) : ingressPath(namespace, name)
}

/** @throws KubernetesError 404 when there is none */
export function readRoute(client: ClusterClient, ref: RouteRef, options?: GetOptions): Promise<RawObject> {
  return client.get(routePath(ref), undefined, options)
}

/** What of it decides where people go. Pure. */
export function seenOf(raw: RawObject, { route, sides }: Colors): Seen {
  if (route.kind === 'service') return { kind: 'service', key: route.selector, ...seenSelector(raw, route.selector) }
  const services = sides.flatMap(({ service }) => service ?? [])
  return { kind: 'ingress', backends: backendsOf(raw, services, route) }
}

/** The colours that it leads to. A Service that looks for labels, but not for that of the colour, leads to both. Pure. */
export function leadsTo(seen: Seen, { sides }: Colors): readonly string[] {
  if (seen.kind === 'ingress')
    return sides
      .filter(({ service }) => seen.backends.some((backend) => backend.service === service))
      .map(({ name }) => name)
  if (Object.keys(seen.selector).length === 0) return []
  const value = seen.selector[seen.key]
  return sides.filter(({ name }) => value === undefined || value === name).map(({ name }) => name)
}

export function routeFacts(ref: RouteRef, raw: RawObject | undefined, colors: Colors): RouteFacts {
  const seen = seenOf(raw ?? {}, colors)
  const field = ref.kind === 'service' ? ['spec', 'selector'] : ['spec', 'rules']
  const writer = raw === undefined ? undefined : writersOf(raw, ...field)[0]
  const created = textAt(raw, 'metadata', 'creationTimestamp')
  return {
    ref,
    exists: raw !== undefined,
    uid: textAt(raw, 'metadata', 'uid') ?? '',
    seen,
    leadsTo: raw === undefined ? [] : leadsTo(seen, colors),
    since: writer?.at ?? created,
    changed: writer !== undefined && created !== undefined && writer.at > created,
    by: writer?.manager,
    gitOps: raw === undefined ? undefined : gitOpsOwner(raw),
    appliedColor: raw === undefined ? undefined : appliedColor(raw, colors),
    hosts: seen.kind === 'ingress' ? [...new Set(seen.backends.flatMap(({ host }) => host ?? []))] : [],
  }
}

/** What `kubectl apply` of the same file would make of it. */
function appliedColor(raw: RawObject, colors: Colors): string | undefined {
  const text = textsAt(raw, 'metadata', 'annotations')['kubectl.kubernetes.io/last-applied-configuration']
  if (text === undefined) return undefined
  try {
    const applied = leadsTo(seenOf(JSON.parse(text), colors), colors)
    return applied.length === 1 ? applied[0] : undefined
  } catch {
    return undefined
  }
}

/** The same route, leading to this side. Pure. */
export function ledTo(seen: Seen, side: Pick<Side, 'color' | 'service'>): Seen {
  if (seen.kind === 'service') return { kind: 'service', key: seen.key, ...withSelected(seen, seen.key, side.color) }
  const service = side.service ?? ''
  return { kind: 'ingress', backends: seen.backends.map((backend) => ({ ...backend, service })) }
}

/** From the one to the other, with preconditions. Pure. */
export function routePatch(uid: string, from: Seen, to: Seen): readonly PatchOperation[] {
  if (from.kind === 'service' && to.kind === 'service') return selectorPatch(uid, from, to, from.key)
  if (from.kind === 'ingress' && to.kind === 'ingress')
    return backendPatch(uid, from.backends, to.backends[0]?.service ?? '')
  throw new Error('a route cannot change its kind')
}

/** Does it lead where `wanted` does? The Service's own label of the colour does not count: it leads nobody. */
export function sameWay(now: Seen, wanted: Seen): boolean {
  if (now.kind === 'service' && wanted.kind === 'service') return isDeepStrictEqual(now.selector, wanted.selector)
  return isDeepStrictEqual(now, wanted)
}
