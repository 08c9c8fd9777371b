import type { AppEntry } from './schema.ts'

export type CatalogWorkload = {
  readonly namespace: string
  readonly kind: 'deployment' | 'statefulset' | 'daemonset'
  readonly name: string
}

/** `deployment/porttrack-app` of an app's entry, taken apart. The schema has checked its form. */
export function workloadOfApp(app: Pick<AppEntry, 'namespace' | 'workload'>): CatalogWorkload {
  const [kind = '', name = ''] = app.workload.split('/')
  return { namespace: app.namespace, kind: kind === 'statefulset' || kind === 'daemonset' ? kind : 'deployment', name }
}
