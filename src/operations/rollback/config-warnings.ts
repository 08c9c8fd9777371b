import { referencesOf } from '../../services/kubernetes/workload/references.ts'
import type { ConfigState } from '../../services/kubernetes/workload/surroundings.ts'
import type { RollbackWarning } from './types.ts'
import type { WarningInput } from './warning-input.ts'

/** Pods of the target would not even start. */
export function missingConfig(input: WarningInput): RollbackWarning[] {
  return configsOfTarget(input)
    .filter((config) => !config.exists && !config.optional)
    .map(({ kind, name }) => ({ code: 'config_missing', data: { kind, name } }))
}

/** What the target's template reads by name, as it is now; what only the present one reads does not matter. */
function configsOfTarget({ facts, target }: WarningInput): readonly ConfigState[] {
  const needed = referencesOf(target.revision.template)
  return needed.flatMap(({ kind, name, optional }) => {
    const state = facts.surroundings.configs.find((config) => config.kind === kind && config.name === name)
    return state === undefined ? [] : [{ ...state, optional }]
  })
}

/** Pods read ConfigMaps and Secrets when they start: the old version has never seen what changed after it began. */
export function changedConfig(input: WarningInput): RollbackWarning[] {
  const { info } = input.target
  return configsOfTarget(input)
    .filter((config) => config.exists && (config.changedAt ?? '') > info.createdAt)
    .map((config) => ({
      code: config.kind === 'ConfigMap' ? 'config_changed' : 'secret_changed',
      data: {
        name: config.name,
        changedAt: config.changedAt,
        by: config.changedBy ?? '',
        afterRevision: info.revision,
      },
    }))
}
