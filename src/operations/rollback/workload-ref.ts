import type { AppEntry, Catalog } from '../../catalog/schema.ts'
import type { WorkloadKind, WorkloadRef } from './types.ts'

/** @throws Error when the catalog does not name the app: whoever asks has to check first */
export function appOf(catalog: Catalog, name: string): AppEntry {
  const app = Object.hasOwn(catalog.apps, name) ? catalog.apps[name] : undefined
  if (app === undefined) throw new Error(`the catalog names no app "${name}"`)
  return app
}

export function workloadRef(app: AppEntry): WorkloadRef {
  const [kind = '', name = ''] = app.workload.split('/')
  return { cluster: app.cluster, namespace: app.namespace, kind: kindOf(kind), name }
}

/** What a run locks: two apps of the catalog that name one workload share it. */
export function targetOf(ref: WorkloadRef): string {
  return `${ref.cluster}/${ref.namespace}/${ref.kind}/${ref.name}`
}

function kindOf(word: string): WorkloadKind {
  return word === 'statefulset' || word === 'daemonset' ? word : 'deployment'
}
