import { isRecord } from '../api/json.ts'
import { redactText, redactValue } from '../pods/redact.ts'
import { rankOf, readablePath } from './change-names.ts'
import { canonical, normalTemplate } from './template-equality.ts'

/** One changed place, named as a person would; values that look secret are hidden. */
export type TemplateChange = {
  readonly path: string
  readonly before: string | undefined
  readonly after: string | undefined
}

/** Lists whose entries have a name of their own: compared by it, not by position. */
const keyedBy: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  imagePullSecrets: ['name'],
  ports: ['containerPort', 'protocol'],
}
const longestValue = 200

/**
 * What changes when `to` replaces `from`, images first. Empty exactly when the templates are the same to Kubernetes
 * (see `sameTemplate`).
 */
export function diffTemplates(from: unknown, to: unknown): readonly TemplateChange[] {
  const many = severalContainers(from) || severalContainers(to)
  return walk(normalTemplate(from), normalTemplate(to), [])
    .map(({ path, ...values }) => ({ path: readablePath(path, many), ...values }))
    .sort((a, b) => rankOf(a.path) - rankOf(b.path))
}

type Found = Omit<TemplateChange, 'path'> & { readonly path: readonly string[] }

function walk(before: unknown, after: unknown, path: readonly string[]): Found[] {
  if (same(before, after)) return []
  const field = path.at(-1) ?? ''
  const keys = keyedBy[field]
  if (keys !== undefined && [before, after].every((side) => side === undefined || Array.isArray(side)))
    return walkKeyed(asList(before), asList(after), keys, path)
  if (!isRecord(before) || !isRecord(after)) return [{ path, before: shown(before, path), after: shown(after, path) }]
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].flatMap((name) => walk(own(before, name), own(after, name), [...path, name]))
}

function walkKeyed(
  before: readonly unknown[],
  after: readonly unknown[],
  keys: readonly string[],
  path: readonly string[],
): Found[] {
  const [old, now] = [byKey(before, keys), byKey(after, keys)]
  const whole = path.at(-1) === 'env'
  const found = [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
    const [was, is, here] = [old.get(name), now.get(name), [...path, name]]
    if (!whole && was !== undefined && is !== undefined) return walk(was, is, here)
    return same(was, is) ? [] : [{ path: here, before: shown(was, here), after: shown(is, here) }]
  })
  if (found.length > 0) return found
  // Later variables may refer to earlier ones, and the last of two equal names wins: order is a difference too.
  return [{ path: [...path, 'order'], before: [...old.keys()].join(', '), after: [...now.keys()].join(', ') }]
}

function same(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b
  return canonical(a) === canonical(b)
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function byKey(list: readonly unknown[], keys: readonly string[]): Map<string, unknown> {
  const found = new Map<string, unknown>()
  for (const item of list) {
    const name = keys
      .map((key) => (isRecord(item) && item[key] !== undefined ? String(item[key]) : ''))
      .filter((part) => part !== '')
      .join('/')
    // A name used twice must not hide its second use.
    let unique = name
    for (let count = 2; found.has(unique); count++) unique = `${name}#${count}`
    found.set(unique, item)
  }
  return found
}

function own(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function shown(value: unknown, path: readonly string[]): string | undefined {
  if (value === undefined) return undefined
  const name = path.at(-1) ?? ''
  if (path.at(-2) === 'env' && isRecord(value)) return cut(shownVariable(value, name))
  if (isRecord(value) && typeof value['image'] === 'string') return cut(value['image'])
  if (typeof value === 'string') return cut(redactValue(name, value))
  return cut(redactText(canonical(hideVariables(value))))
}

function shownVariable(variable: Readonly<Record<string, unknown>>, name: string): string {
  if (typeof variable['value'] === 'string') return redactValue(name, variable['value'])
  const source = isRecord(variable['valueFrom']) ? Object.entries(variable['valueFrom'])[0] : undefined
  if (source === undefined || !isRecord(source[1])) return ''
  const [kind, ref] = source
  const where = [ref['name'], ref['key'], ref['fieldPath'], ref['resource']].filter((part) => typeof part === 'string')
  return `${kind} ${where.join('/')}`
}

/** A container shown whole would show its variables too. */
function hideVariables(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideVariables)
  if (!isRecord(value)) return value
  if (typeof value['name'] === 'string' && typeof value['value'] === 'string')
    return { ...value, value: redactValue(value['name'], value['value']) }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      typeof inner === 'string' ? redactValue(key, inner) : hideVariables(inner),
    ]),
  )
}

function cut(text: string): string {
  const letters = [...text]
  return letters.length <= longestValue ? text : `${letters.slice(0, longestValue - 1).join('')}…`
}

function severalContainers(template: unknown): boolean {
  const spec = isRecord(template) && isRecord(template['spec']) ? template['spec'] : {}
  const count = (list: unknown): number => (Array.isArray(list) ? list.length : 0)
  return count(spec['containers']) + count(spec['initContainers']) > 1
}
