import { isRecord } from './json.ts'
import { quantityValue } from './quantity.ts'

/** The label that the Deployment controller adds to the templates of its ReplicaSets. */
export const templateHashLabel = 'pod-template-hash'

/**
 * Values that the API server fills in, by field name. A ReplicaSet of years ago may lack one that newer servers add; that
 * is no difference to a person.
 */
const defaults: Readonly<Record<string, readonly unknown[]>> = {
  terminationMessagePath: ['/dev/termination-log'],
  terminationMessagePolicy: ['File'],
  dnsPolicy: ['ClusterFirst'],
  restartPolicy: ['Always'],
  schedulerName: ['default-scheduler'],
  terminationGracePeriodSeconds: [30],
  timeoutSeconds: [1],
  periodSeconds: [10],
  successThreshold: [1],
  failureThreshold: [3],
  scheme: ['HTTP'],
  protocol: ['TCP'],
  defaultMode: [420],
  enableServiceLinks: [true],
}

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

/** Fields that hold a map of a person's own keys: no name in them is one of the API's. */
const maps = new Set(['labels', 'annotations', 'nodeSelector', 'matchLabels'])
const quantities = new Set(['limits', 'requests'])

/** Do two pod templates ask for the same pods? Empty and absent lists are equal, quantities are compared by value, as kubectl does. */
export function sameTemplate(a: unknown, b: unknown): boolean {
  return canonical(normalTemplate(a)) === canonical(normalTemplate(b))
}

/** A pod template without the controller's label, without nulls, defaults and emptiness that means nothing. */
export function normalTemplate(template: unknown): unknown {
  return withoutHash(normal(template, '', false) ?? {})
}

function normal(value: unknown, field: string, inMap: boolean): unknown {
  if (value === null || value === undefined) return undefined
  if (Array.isArray(value)) {
    const items = value.map((item) => normal(item, '', false) ?? {})
    return items.length === 0 ? undefined : items
  }
  if (!isRecord(value)) return inMap ? value : normalScalar(value, field)
  const insideMap = !inMap && maps.has(field)
  const entries = Object.entries(value)
    .filter(([key]) => key !== '$patch')
    .map(([key, inner]): [string, unknown] => [
      key,
      quantities.has(field) ? (quantityValue(inner) ?? inner) : normal(inner, key, insideMap),
    ])
    .filter(([, inner]) => inner !== undefined)
  if (entries.length === 0 && emptyIsAbsent.has(field)) return undefined
  return Object.fromEntries(entries)
}

function normalScalar(value: unknown, field: string): unknown {
  return defaults[field]?.includes(value) === true && Object.hasOwn(defaults, field) ? undefined : value
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
