import { createHash } from 'node:crypto'
import { isRecord } from '../api/json.ts'
import { normalQuantity } from './quantity.ts'

/** The label that the Deployment controller adds to the templates of its ReplicaSets. */
export const templateHashLabel = 'pod-template-hash'

/**
 * Values that the API server fills in, by the field around and its name. A ReplicaSet of years ago may lack one that
 * newer servers add; that is no difference to a person. (`restartPolicy: Always` of an init container is no default: it makes a sidecar.)
 */
const defaults: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...['containers', 'initContainers'].flatMap((list): [string, unknown][] => [
    [`${list}.terminationMessagePath`, '/dev/termination-log'],
    [`${list}.terminationMessagePolicy`, 'File'],
  ]),
  ['spec.dnsPolicy', 'ClusterFirst'],
  ['spec.restartPolicy', 'Always'],
  ['spec.schedulerName', 'default-scheduler'],
  ['spec.terminationGracePeriodSeconds', 30],
  ['spec.enableServiceLinks', true],
  ...['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((probe): [string, unknown][] => [
    [`${probe}.timeoutSeconds`, 1],
    [`${probe}.periodSeconds`, 10],
    [`${probe}.successThreshold`, 1],
    [`${probe}.failureThreshold`, 3],
  ]),
  ['httpGet.scheme', 'HTTP'],
  ['ports.protocol', 'TCP'],
  ['fieldRef.apiVersion', 'v1'],
  ...['secret', 'configMap', 'projected', 'downwardAPI'].map((source): [string, unknown] => [
    `${source}.defaultMode`,
    420,
  ]),
])

/** Fields whose empty object means the same as their absence; elsewhere (`emptyDir: {}`) an empty object says something. */
const emptyIsAbsent = new Set([
  'securityContext',
  'resources',
  'limits',
  'requests',
  'labels',
  'annotations',
  'nodeSelector',
  'metadata',
])

const quantities = new Set(['limits', 'requests'])

/** Do two pod templates ask for the same pods? Empty and absent lists are equal, quantities are compared by value, as kubectl does. */
export function sameTemplate(a: unknown, b: unknown): boolean {
  return canonical(normalTemplate(a)) === canonical(normalTemplate(b))
}

/** A short name for what a template asks for: equal for equal templates, on any cluster and after any renumbering. */
export function templateKey(template: unknown): string {
  return createHash('sha256')
    .update(canonical(normalTemplate(template)))
    .digest('hex')
    .slice(0, 16)
}

/** A pod template without the controller's label, without nulls, defaults and emptiness that means nothing. */
export function normalTemplate(template: unknown): unknown {
  return withoutHash(normal(template, 'template') ?? {})
}

function normal(value: unknown, field: string): unknown {
  if (value === null || value === undefined) return undefined
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => normal(item, field) ?? {})
  if (!isRecord(value)) return value
  const entries = Object.entries(value)
    .filter(([key]) => key !== '$patch')
    .map(([key, inner]): [string, unknown] => [key, normalField(inner, key, field)])
    .filter(([, inner]) => inner !== undefined)
  if (entries.length === 0 && emptyIsAbsent.has(field)) return undefined
  return Object.fromEntries(entries)
}

function normalField(value: unknown, key: string, around: string): unknown {
  if (quantities.has(around)) return normalQuantity(value)
  const standard = defaults.get(`${around}.${key}`)
  return standard !== undefined && standard === value ? undefined : normal(value, key)
}

function withoutHash(template: unknown): unknown {
  if (!isRecord(template) || !isRecord(template['metadata'])) return template
  const { labels, ...rest } = template['metadata']
  if (!isRecord(labels)) return template
  const { [templateHashLabel]: _hash, ...others } = labels
  const kept = Object.keys(others).length === 0 ? {} : { labels: others }
  const metadata = { ...rest, ...kept }
  const { metadata: _metadata, ...body } = template
  return Object.keys(metadata).length === 0 ? body : { ...body, metadata }
}

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null'
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`
}
