import { isObject, type JsonObject, type KubeObject } from '../json.ts'
import { badRequest } from '../status.ts'

export type Labels = Readonly<Record<string, string>>
export type Matcher<T> = (value: T) => boolean

type Requirement = { key: string; operator: 'in' | 'notin' | 'exists' | '!'; values: readonly string[] }

/**
 * Reads a label selector as kubectl writes it: `app=web,tier in (a, b),!legacy`.
 * @returns undefined for an empty one, which selects everything
 * @throws ApiError 400 when it cannot be read
 */
export function labelSelector(text: string | null | undefined): Matcher<Labels> | undefined {
  if (text === null || text === undefined || text.trim() === '') return undefined
  const requirements = splitOutside(text).map(requirement)
  return (labels) => requirements.every((one) => holds(one, labels))
}

function requirement(part: string): Requirement {
  const text = part.trim()
  const set = /^([^\s!=,()]+)\s+(in|notin)\s+\(([^()]*)\)$/.exec(text)
  if (set)
    return {
      key: set[1] ?? '',
      operator: set[2] === 'in' ? 'in' : 'notin',
      values: (set[3] ?? '').split(',').map((value) => value.trim()),
    }
  const equal = /^([^\s!=,()]+)\s*(==|=|!=)\s*([A-Za-z0-9_.-]*)$/.exec(text)
  if (equal) return { key: equal[1] ?? '', operator: equal[2] === '!=' ? 'notin' : 'in', values: [equal[3] ?? ''] }
  if (/^!\s*[^\s!=,()]+$/.test(text)) return { key: text.slice(1).trim(), operator: '!', values: [] }
  if (/^[^\s!=,()]+$/.test(text)) return { key: text, operator: 'exists', values: [] }
  const strange = /[=!<>]{2,}/.test(text) ? "found '=', expected: identifier" : `found '${text}', expected: identifier`
  throw badRequest(`unable to parse requirement: ${strange}`)
}

function splitOutside(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '(') depth += 1
    else if (text[index] === ')') depth -= 1
    else if (text[index] === ',' && depth === 0) {
      parts.push(text.slice(from, index))
      from = index + 1
    }
  }
  return [...parts, text.slice(from)]
}

function holds(one: Requirement, labels: Labels): boolean {
  const value = labels[one.key]
  if (one.operator === 'exists') return value !== undefined
  if (one.operator === '!') return value === undefined
  if (one.operator === 'in') return value !== undefined && one.values.includes(value)
  return value === undefined || !one.values.includes(value)
}

/** A LabelSelector of an object's spec. An empty one selects everything, an absent one nothing. */
export function specSelector(selector: unknown): Matcher<Labels> {
  if (!isObject(selector)) return () => false
  const exact = Object.entries(isObject(selector['matchLabels']) ? selector['matchLabels'] : {})
  const expressions = Array.isArray(selector['matchExpressions']) ? selector['matchExpressions'].filter(isObject) : []
  const requirements: Requirement[] = expressions.map((one) => ({
    key: String(one['key']),
    operator:
      ({ In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' } as const)[String(one['operator'])] ?? 'in',
    values: Array.isArray(one['values']) ? one['values'].map(String) : [],
  }))
  return (labels) =>
    exact.every(([key, value]) => labels[key] === value) && requirements.every((one) => holds(one, labels))
}

/** A LabelSelector as text, the way tables and Scale objects show it. */
export function selectorText(selector: unknown): string {
  if (!isObject(selector)) return '<none>'
  const exact = Object.entries(isObject(selector['matchLabels']) ? selector['matchLabels'] : {}).map(
    ([key, value]) => `${key}=${String(value)}`,
  )
  const expressions = (
    Array.isArray(selector['matchExpressions']) ? selector['matchExpressions'].filter(isObject) : []
  ).map(expressionText)
  const all = [...exact.sort(), ...expressions]
  return all.length === 0 ? '<none>' : all.join(',')
}

function expressionText(one: JsonObject): string {
  const values = Array.isArray(one['values']) ? one['values'].map(String).sort() : []
  if (one['operator'] === 'Exists') return String(one['key'])
  if (one['operator'] === 'DoesNotExist') return `!${String(one['key'])}`
  return `${String(one['key'])} ${one['operator'] === 'In' ? 'in' : 'notin'} (${values.join(',')})`
}

/** Fields that may be selected by, beside metadata.name and metadata.namespace. */
const selectable: Readonly<Record<string, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase'],
  secrets: ['type'],
  services: ['spec.clusterIP', 'spec.type'],
  replicasets: ['status.replicas'],
}

/**
 * Reads a field selector: `spec.nodeName=node-1,status.phase!=Running`.
 * @throws ApiError 400 for a field that the resource does not offer
 */
export function fieldSelector(text: string | null | undefined, resource: string): Matcher<KubeObject> | undefined {
  if (text === null || text === undefined || text.trim() === '') return undefined
  const tests = text.split(',').map((part) => {
    const match = /^\s*([\w.]+)\s*(==|=|!=)\s*(.*?)\s*$/.exec(part)
    if (match === null) throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`)
    const [, path = '', operator = '', value = ''] = match
    const known = path === 'metadata.name' || path === 'metadata.namespace' || selectable[resource]?.includes(path)
    if (!known) throw badRequest(`field label not supported: ${path}`)
    return { path: path === 'source' ? 'source.component' : path, wanted: value, equal: operator !== '!=' }
  })
  return (object) => tests.every((test) => (textAt(object, test.path) === test.wanted) === test.equal)
}

function textAt(object: KubeObject, path: string): string {
  let value: unknown = object
  for (const part of path.split('.')) value = isObject(value) ? value[part] : undefined
  if (value === undefined || value === null)
    return path === 'spec.unschedulable' || path === 'spec.hostNetwork' ? 'false' : ''
  return String(value)
}
