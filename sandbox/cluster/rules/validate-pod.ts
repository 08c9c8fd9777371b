import type { Container, PodSpec, PodTemplate, Probe } from '../kinds.ts'
import { nanos } from '../schema/quantity.ts'
import type { FieldFault } from '../status.ts'
import { duplicate, labelFault, notThere, required, unsupported, wrongValue } from './field-faults.ts'
import { labelFaults } from './validate-meta.ts'

/** The rules of a pod template that people break; after pkg/apis/core/validation. */
export function validateTemplate(template: Partial<PodTemplate> | undefined, field: string): FieldFault[] {
  return [
    ...labelFaults(template?.metadata?.labels, `${field}.metadata.labels`),
    ...validatePodSpec(template?.spec, `${field}.spec`),
  ]
}

export function validatePodSpec(spec: Partial<PodSpec> | undefined, field: string): FieldFault[] {
  const faults: FieldFault[] = []
  const volumes = new Set((spec?.volumes ?? []).map((one) => one.name))
  for (const [index, volume] of (spec?.volumes ?? []).entries()) {
    const at = `${field}.volumes[${index}]`
    if (!volume.name) faults.push(required(`${at}.name`))
    else {
      const fault = labelFault(volume.name)
      if (fault !== undefined) faults.push(wrongValue(`${at}.name`, volume.name, fault))
    }
  }
  if ((spec?.containers ?? []).length === 0) faults.push(required(`${field}.containers`))
  faults.push(
    ...containers(spec?.initContainers ?? [], `${field}.initContainers`, volumes),
    ...containers(spec?.containers ?? [], `${field}.containers`, volumes),
  )
  if (spec?.restartPolicy !== undefined && !['Always', 'OnFailure', 'Never'].includes(spec.restartPolicy))
    faults.push(unsupported(`${field}.restartPolicy`, spec.restartPolicy, ['Always', 'OnFailure', 'Never']))
  if ((spec?.terminationGracePeriodSeconds ?? 0) < 0)
    faults.push(
      wrongValue(
        `${field}.terminationGracePeriodSeconds`,
        spec?.terminationGracePeriodSeconds,
        'must be greater than or equal to 0',
      ),
    )
  return faults
}

function containers(list: readonly Container[], field: string, volumes: ReadonlySet<string>): FieldFault[] {
  const names = new Set<string>()
  return list.flatMap((container, index) => {
    const at = `${field}[${index}]`
    const faults = container_(container, at, volumes)
    if (container.name && names.has(container.name)) faults.push(duplicate(`${at}.name`, container.name))
    names.add(container.name)
    return faults
  })
}

function container_(container: Container, at: string, volumes: ReadonlySet<string>): FieldFault[] {
  const faults: FieldFault[] = []
  if (!container.name) faults.push(required(`${at}.name`))
  else {
    const fault = labelFault(container.name)
    if (fault !== undefined) faults.push(wrongValue(`${at}.name`, container.name, fault))
  }
  if (!container.image) faults.push(required(`${at}.image`))
  else if (container.image.trim() !== container.image)
    faults.push(wrongValue(`${at}.image`, container.image, 'must not have leading or trailing whitespace'))
  if (
    container.imagePullPolicy !== undefined &&
    !['Always', 'IfNotPresent', 'Never'].includes(container.imagePullPolicy)
  )
    faults.push(unsupported(`${at}.imagePullPolicy`, container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never']))
  for (const [index, port] of (container.ports ?? []).entries())
    if (!(port.containerPort >= 1 && port.containerPort <= 65535))
      faults.push(
        !port.containerPort
          ? required(`${at}.ports[${index}].containerPort`)
          : wrongValue(
              `${at}.ports[${index}].containerPort`,
              port.containerPort,
              'must be between 1 and 65535, inclusive',
            ),
      )
  for (const [index, variable] of (container.env ?? []).entries())
    if (!variable.name) faults.push(required(`${at}.env[${index}].name`))
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    if (!volumes.has(mount.name)) faults.push(notThere(`${at}.volumeMounts[${index}].name`, mount.name))
    if (!mount.mountPath) faults.push(required(`${at}.volumeMounts[${index}].mountPath`))
  }
  faults.push(
    ...probe(container.livenessProbe, `${at}.livenessProbe`, true),
    ...probe(container.readinessProbe, `${at}.readinessProbe`, false),
    ...probe(container.startupProbe, `${at}.startupProbe`, true),
  )
  return [...faults, ...resources(container, at)]
}

function probe(one: Probe | undefined, at: string, mustBeOne: boolean): FieldFault[] {
  if (one === undefined) return []
  const faults: FieldFault[] = []
  const handlers = [one.httpGet, one.exec, one.tcpSocket, (one as { grpc?: unknown }).grpc].filter(
    (handler) => handler !== undefined,
  )
  if (handlers.length === 0) faults.push(required(at, 'must specify a handler type'))
  for (const key of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ] as const)
    if ((one[key] ?? 0) < 0) faults.push(wrongValue(`${at}.${key}`, one[key], 'must be greater than or equal to 0'))
  if (mustBeOne && (one.successThreshold ?? 1) !== 1)
    faults.push(wrongValue(`${at}.successThreshold`, one.successThreshold, 'must be 1'))
  return faults
}

function resources(container: Container, at: string): FieldFault[] {
  const limits = container.resources?.limits ?? {}
  return Object.entries(container.resources?.requests ?? {}).flatMap(([name, request]) => {
    const limit = limits[name]
    if (limit === undefined || (nanos(request) ?? 0n) <= (nanos(limit) ?? 0n)) return []
    return [wrongValue(`${at}.resources.requests`, request, `must be less than or equal to ${name} limit of ${limit}`)]
  })
}
