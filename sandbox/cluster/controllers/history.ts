import { fnv32a, safeEncode } from '../api/names.ts'
import { canonical, clone, deepEqual, type KubeObject } from '../json.ts'
import type { ControllerRevision, PodTemplate } from '../kinds.ts'
import { ownerReference } from './owner.ts'
import type { World } from './run.ts'

type Owner = KubeObject & {
  spec: { template: PodTemplate; revisionHistoryLimit?: number }
  status: { collisionCount?: number }
}

/** What a ControllerRevision keeps of its owner: the template, as a patch that replaces it. */
export function revisionData(owner: Owner): object {
  return { spec: { template: { ...clone(owner.spec.template), $patch: 'replace' } } }
}

export function revisionsOf(world: World, owner: KubeObject): ControllerRevision[] {
  const all = world.index.controlled('controllerrevisions', owner.metadata.uid) as ControllerRevision[]
  return [...all].sort(
    (a, b) =>
      a.revision - b.revision ||
      a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp) ||
      a.metadata.name.localeCompare(b.metadata.name),
  )
}

/** The revision of the owner's present template: found and given the highest number, or made. After pkg/controller/history. */
export function currentRevision(
  world: World,
  owner: Owner,
  hashLabel: string,
): { current: ControllerRevision; all: ControllerRevision[] } {
  const known = revisionsOf(world, owner)
  const data = revisionData(owner)
  const next = (known.at(-1)?.revision ?? 0) + 1
  const equal = known.filter((one) => deepEqual(one.data, data)).at(-1)
  if (equal !== undefined) {
    if (equal === known.at(-1)) return { current: equal, all: known }
    // Rolled back: the old revision becomes the newest.
    const raised = world.update({ ...clone(equal), revision: next })
    return { current: raised, all: [...known.filter((one) => one !== equal), raised] }
  }
  const hash = safeEncode(String(fnv32a(`${canonical(data)}${owner.status.collisionCount || ''}`)))
  const made = world.create<ControllerRevision>('controllerrevisions', owner.metadata.namespace, {
    metadata: {
      name: `${owner.metadata.name}-${hash}`,
      labels: { ...owner.spec.template.metadata?.labels, [hashLabel]: hash },
      ...(owner.metadata.annotations === undefined ? {} : { annotations: { ...owner.metadata.annotations } }),
      ownerReferences: [ownerReference(owner)],
    },
    data,
    revision: next,
  })
  return { current: made, all: [...known, made] }
}

/** Deletes old revisions beyond the limit, save those in use. */
export function truncateHistory(
  world: World,
  owner: Owner,
  all: readonly ControllerRevision[],
  inUse: ReadonlySet<string>,
): void {
  const idle = all.filter((one) => !inUse.has(one.metadata.name))
  const excess = idle.length - (owner.spec.revisionHistoryLimit ?? 10)
  for (const one of idle.slice(0, Math.max(excess, 0))) world.remove(one)
}
