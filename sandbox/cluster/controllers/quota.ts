import { clone, deepEqual, isObject, type KubeObject, objectAt } from '../json.ts'
import type { Pod } from '../kinds.ts'
import { usedOf } from '../rules/admission.ts'
import type { Change } from '../store/store.ts'
import type { Controller, World } from './run.ts'

/** Writes what a ResourceQuota's namespace uses of it. */
export const quotaController: Controller = { name: 'quota', keysOf, sync }

function keysOf(change: Change, world: World): string[] {
  if (change.resource === 'resourcequotas') return change.type === 'DELETED' ? [] : [change.entry.key]
  if (change.resource !== 'pods' || change.type === 'MODIFIED') return []
  const { namespace = '' } = change.entry.object.metadata
  return world.list('resourcequotas', namespace).map((one) => `${namespace}/${one.metadata.name}`)
}

function sync(key: string, world: World): undefined {
  const [namespace, name = ''] = key.split('/')
  const quota = world.find<KubeObject>('resourcequotas', namespace, name)
  if (quota === undefined) return
  const hard = objectAt(quota['spec'], 'hard') ?? {}
  const pods = world.list<Pod>('pods', namespace)
  const status = {
    hard: clone(hard),
    used: Object.fromEntries(Object.keys(hard).map((one) => [one, usedOf(pods, one)])),
  }
  if (!isObject(quota['status']) || !deepEqual(quota['status'], status)) world.updateStatus({ ...clone(quota), status })
}
