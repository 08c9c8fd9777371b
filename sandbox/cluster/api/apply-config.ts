import { applyConfiguration } from '../fields/apply.ts'
import type { KubeObject } from '../json.ts'
import { applyDefaults } from '../rules/defaults.ts'
import { prepareUpdate } from '../rules/prepare.ts'
import { validateUpdate } from '../rules/validate.ts'
import { type ResourceType, rootDefinition } from '../schema/resources.ts'
import { invalid, notFound } from '../status.ts'
import type { WriteOptions } from './context.ts'
import { decode, decodeConfig, onlyStatus, withoutStatus } from './decode.ts'
import { checkIdentity, targetOf } from './identity.ts'
import type { Reference, RegistryOptions } from './registry.ts'
import { finish, insertIn, writerOf } from './write.ts'

/** Server-side apply: merges a configuration into the live object, or makes a new one of it. @throws ApiError */
export function applyTo(
  core: RegistryOptions,
  type: ResourceType,
  reference: Reference,
  live: KubeObject | undefined,
  config: unknown,
  options: WriteOptions & { readonly force: boolean },
  subresource?: string,
): { object: KubeObject; created: boolean } {
  const wanted = decodeConfig(type, config, reference, options, core.keepUnknown)
  const claim = subresource === 'status' ? onlyStatus(wanted) : withoutStatus(wanted, type)
  const writer = writerOf(type, options, subresource)
  const merged = applyConfiguration(live, claim as KubeObject, rootDefinition(type), writer, options.force)
  const managers = merged.metadata.managedFields
  const object = decode(type, merged, options, core.keepUnknown)
  if (live === undefined) {
    if (subresource !== undefined) throw notFound(targetOf(type, reference.name))
    const made = insertIn(core, type, reference.namespace, object, options, (one) => assignManagers(one, managers))
    return { created: true, object: made }
  }
  checkIdentity(type, reference, live, object)
  prepareUpdate(live, object, subresource)
  applyDefaults(object)
  const faults = validateUpdate(live, object)
  if (faults.length > 0) throw invalid(type.kind, type.group, reference.name, faults)
  assignManagers(object, managers)
  return { created: false, object: finish(core.store, type, live, object, options) }
}

function assignManagers(object: KubeObject, managers: KubeObject['metadata']['managedFields']): void {
  if (managers === undefined) delete object.metadata.managedFields
  else object.metadata.managedFields = managers
}
