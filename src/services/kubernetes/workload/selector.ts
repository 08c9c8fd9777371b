import { isRecord, listAt, textAt, textsAt } from '../api/json.ts'

/** A LabelSelector as the query parameter `labelSelector`. */
export function selectorQuery(selector: unknown): string {
  const equal = Object.entries(textsAt(selector, 'matchLabels')).map(([key, value]) => `${key}=${value}`)
  const rules = listAt(selector, 'matchExpressions').flatMap((rule) => {
    const key = textAt(rule, 'key')
    const values = listAt(rule, 'values').filter((value) => typeof value === 'string')
    if (key === undefined) return []
    switch (textAt(rule, 'operator')) {
      case 'In':
        return [`${key} in (${values.join(',')})`]
      case 'NotIn':
        return [`${key} notin (${values.join(',')})`]
      case 'Exists':
        return [key]
      case 'DoesNotExist':
        return [`!${key}`]
      default:
        return []
    }
  })
  return [...equal, ...rules].join(',')
}

/** Does a Service's plain selector choose these labels? An absent or empty one chooses nothing. */
export function selectsLabels(
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean {
  const wanted = Object.entries(selector)
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value)
}

/** Does a LabelSelector match these labels? An empty one matches all, an absent one nothing. */
export function matchesSelector(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  if (!isRecord(selector)) return false
  const equal = Object.entries(textsAt(selector, 'matchLabels')).every(([key, value]) => labels[key] === value)
  return equal && listAt(selector, 'matchExpressions').every((rule) => matchesRule(rule, labels))
}

function matchesRule(rule: unknown, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[textAt(rule, 'key') ?? '']
  const values = listAt(rule, 'values')
  switch (textAt(rule, 'operator')) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    default:
      return false
  }
}
