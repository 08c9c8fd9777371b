import { isTrueAt, listAt, recordAt, textAt } from '../api/json.ts'

/** A ConfigMap or Secret that a pod template needs by name. */
export type ConfigReference = {
  readonly kind: 'ConfigMap' | 'Secret'
  readonly name: string
  /** Pods start without it. */
  readonly optional: boolean
}

/** Everything that a template reads by name: env, envFrom, volumes (projected ones too). Image pull secrets are left out. */
export function referencesOf(template: unknown): readonly ConfigReference[] {
  const containers = [...listAt(template, 'spec', 'containers'), ...listAt(template, 'spec', 'initContainers')]
  const found = [
    ...containers.flatMap((container) => [
      ...listAt(container, 'env').flatMap((variable) => [
        ...reference('ConfigMap', recordAt(variable, 'valueFrom', 'configMapKeyRef'), 'name'),
        ...reference('Secret', recordAt(variable, 'valueFrom', 'secretKeyRef'), 'name'),
      ]),
      ...listAt(container, 'envFrom').flatMap(either),
    ]),
    ...listAt(template, 'spec', 'volumes').flatMap((volume) => [
      ...reference('ConfigMap', recordAt(volume, 'configMap'), 'name'),
      ...reference('Secret', recordAt(volume, 'secret'), 'secretName'),
      ...listAt(volume, 'projected', 'sources').flatMap((source) => [
        ...reference('ConfigMap', recordAt(source, 'configMap'), 'name'),
        ...reference('Secret', recordAt(source, 'secret'), 'name'),
      ]),
    ]),
  ]
  const byName = new Map<string, ConfigReference>()
  for (const each of found) {
    const key = `${each.kind}/${each.name}`
    // Needed once is needed, whatever else says optional.
    if (byName.get(key)?.optional !== false) byName.set(key, each)
  }
  return [...byName.values()]
}

function either(source: unknown): ConfigReference[] {
  return [
    ...reference('ConfigMap', recordAt(source, 'configMapRef'), 'name'),
    ...reference('Secret', recordAt(source, 'secretRef'), 'name'),
  ]
}

function reference(kind: ConfigReference['kind'], ref: unknown, field: string): ConfigReference[] {
  const name = textAt(ref, field)
  return name === undefined || name === '' ? [] : [{ kind, name, optional: isTrueAt(ref, 'optional') }]
}
