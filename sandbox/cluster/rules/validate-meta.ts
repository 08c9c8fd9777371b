import type { KubeObject } from '../json.ts'
import type { FieldFault } from '../status.ts'
import {
  labelFault,
  labelValueFault,
  notAllowed,
  qualifiedNameFault,
  required,
  subdomainFault,
  wrongValue,
} from './field-faults.ts'

const labelNamed = new Set(['Namespace', 'Service'])
/** Names of roles may hold colons and more. */
const freelyNamed = new Set(['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'])

/** Metadata rules that every kind shares. */
export function validateMeta(object: KubeObject): FieldFault[] {
  const { name, generateName, labels, annotations, ownerReferences } = object.metadata
  const faults: FieldFault[] = []
  if (!name)
    faults.push(required('metadata.name', generateName === undefined ? 'name or generateName is required' : undefined))
  else {
    const fault = nameFault(object.kind, name)
    if (fault !== undefined) faults.push(wrongValue('metadata.name', name, fault))
  }
  faults.push(...labelFaults(labels, 'metadata.labels'))
  for (const key of Object.keys(annotations ?? {})) {
    const fault = qualifiedNameFault(key.toLowerCase())
    if (fault !== undefined) faults.push(wrongValue('metadata.annotations', key, fault))
  }
  const size = Object.entries(annotations ?? {}).reduce((sum, [key, value]) => sum + key.length + value.length, 0)
  if (size > 256 * 1024)
    faults.push({
      field: 'metadata.annotations',
      reason: 'FieldValueTooLong',
      message: 'Too long: may not be more than 262144 bytes',
    })
  const controllers = (ownerReferences ?? []).filter((owner) => owner.controller === true)
  if (controllers.length > 1)
    faults.push(
      wrongValue(
        'metadata.ownerReferences',
        ownerReferences,
        `Only one reference can have Controller set to true. Found "true" in references for ${controllers[0]?.name} and ${controllers[1]?.name}`,
      ),
    )
  return faults
}

function nameFault(kind: string, name: string): string | undefined {
  if (freelyNamed.has(kind))
    return name === '.' || name === '..' || /[/%]/.test(name) ? `may not contain '/'` : undefined
  return labelNamed.has(kind) ? labelFault(name) : subdomainFault(name)
}

export function labelFaults(labels: Record<string, string> | undefined, field: string): FieldFault[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => {
    const faults: FieldFault[] = []
    const keyFault = qualifiedNameFault(key)
    if (keyFault !== undefined) faults.push(wrongValue(field, key, keyFault))
    const valueFault = labelValueFault(value)
    if (valueFault !== undefined) faults.push(wrongValue(field, value, valueFault))
    return faults
  })
}

/** What may not change in an update. */
export function validateMetaUpdate(before: KubeObject, after: KubeObject): FieldFault[] {
  const faults: FieldFault[] = []
  for (const key of ['uid', 'creationTimestamp'] as const)
    if (after.metadata[key] !== before.metadata[key])
      faults.push(wrongValue(`metadata.${key}`, after.metadata[key], 'field is immutable'))
  if (before.metadata.deletionTimestamp !== undefined) {
    const added = (after.metadata.finalizers ?? []).filter((one) => !(before.metadata.finalizers ?? []).includes(one))
    if (added.length > 0)
      faults.push(
        notAllowed(
          'metadata.finalizers',
          `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((one) => JSON.stringify(one)).join(', ')}}`,
        ),
      )
  }
  return faults
}
