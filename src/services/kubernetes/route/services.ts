import { listAt, type RawObject, textAt, textsAt } from '../api/json.ts'
import { inNamespace } from '../api/paths.ts'
import type { ClusterClient, GetOptions } from '../api/types.ts'
import { type PatchOperation, pointer } from '../workload/undo-patch.ts'

export function servicePath(namespace: string, name: string): string {
  return `${inNamespace('/api/v1', namespace, 'services')}/${encodeURIComponent(name)}`
}

/** @throws KubernetesError 404 when there is none */
export function readService(
  client: ClusterClient,
  namespace: string,
  name: string,
  options?: GetOptions,
): Promise<RawObject> {
  return client.get(servicePath(namespace, name), undefined, options)
}

/** Where a Service sends people: the labels that it looks for, and the label of its own that repeats one of them. */
export type SeenSelector = {
  readonly selector: Readonly<Record<string, string>>
  /** The Service's own label of that key; people's scripts read it. Absent: it has none. */
  readonly label?: string
}

export function seenSelector(raw: RawObject, key: string): SeenSelector {
  const label = textsAt(raw, 'metadata', 'labels')[key]
  return { selector: textsAt(raw, 'spec', 'selector'), ...(label === undefined ? {} : { label }) }
}

/** The same with another value of the key; a label that said the same as the selector goes with it. */
export function withSelected(seen: SeenSelector, key: string, value: string): SeenSelector {
  const follows = seen.label !== undefined && seen.label === seen.selector[key]
  return {
    selector: { ...seen.selector, [key]: value },
    ...(seen.label === undefined ? {} : { label: follows ? value : seen.label }),
  }
}

/** One JSON patch from one selector to the other, that applies to nothing but the Service that people saw. */
export function selectorPatch(
  uid: string,
  from: SeenSelector,
  to: SeenSelector,
  key: string,
): readonly PatchOperation[] {
  const label = `/metadata/labels/${pointer(key)}`
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/spec/selector', value: from.selector },
    ...(from.label === to.label ? [] : [{ op: 'test' as const, path: label, value: from.label }]),
    { op: 'replace', path: `/spec/selector/${pointer(key)}`, value: to.selector[key] },
    ...(from.label === to.label ? [] : [{ op: 'replace' as const, path: label, value: to.label }]),
  ]
}

/** Ports of a Service that name the port of a container; a pod whose containers do not name it cannot be reached there. */
export function namedTargets(raw: RawObject): readonly string[] {
  return listAt(raw, 'spec', 'ports').flatMap((port) => textAt(port, 'targetPort') ?? [])
}

/** The names of the ports of a template's containers. */
export function containerPorts(template: RawObject): readonly string[] {
  return listAt(template, 'spec', 'containers').flatMap((container) =>
    listAt(container, 'ports').flatMap((port) => textAt(port, 'name') ?? []),
  )
}
