import { clone, type KubeObject } from '../json.ts'
import { resourceTypes } from '../schema/resources.ts'
import type { Change } from '../store/store.ts'
import { type Controller, type World, writeAs } from './run.ts'

/** Empties a namespace that is being deleted, then lets it go; gives every namespace what each has. */
export function namespaceController(ca: string): Controller {
  return { name: 'namespace', keysOf, sync: (name, world) => sync(name, world, ca) }
}

const contents = resourceTypes.filter((type) => type.namespaced && type.verbs.includes('delete'))

const caText =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.'

function keysOf(change: Change, world: World): string[] {
  if (change.resource === 'namespaces') return change.type === 'DELETED' ? [] : [change.entry.key]
  if (change.type !== 'DELETED') return []
  const namespace = change.entry.object.metadata.namespace
  const found = namespace === undefined ? undefined : world.find('namespaces', undefined, namespace)
  return found?.metadata.deletionTimestamp === undefined ? [] : [found.metadata.name]
}

function sync(name: string, world: World, ca: string): number | undefined {
  const namespace = world.find<KubeObject>('namespaces', undefined, name)
  if (namespace === undefined) return undefined
  if (namespace.metadata.deletionTimestamp === undefined) {
    if (world.find('serviceaccounts', name, 'default') === undefined)
      world.create('serviceaccounts', name, { metadata: { name: 'default' } })
    if (world.find('configmaps', name, 'kube-root-ca.crt') === undefined)
      world.create('configmaps', name, {
        metadata: { name: 'kube-root-ca.crt', annotations: { 'kubernetes.io/description': caText } },
        data: { 'ca.crt': ca },
      })
    return undefined
  }
  let left = 0
  for (const type of contents)
    for (const object of world.list(type.resource, name)) {
      left += 1
      if (object.metadata.deletionTimestamp === undefined)
        world.registry.delete(type, { namespace: name, name: object.metadata.name }, {})
    }
  if (left > 0) return 200
  const copy = clone(namespace)
  copy['spec'] = { finalizers: [] }
  world.registry.update(
    resourceTypes.find((type) => type.resource === 'namespaces') ?? failed(),
    { name },
    copy,
    writeAs,
    'finalize',
  )
  return undefined
}

function failed(): never {
  throw new Error('namespaces are not served')
}
