import type { FieldFault } from '../status.ts'

/** The words of apimachinery's field errors. */
export const required = (field: string, detail?: string): FieldFault => ({
  field,
  reason: 'FieldValueRequired',
  message: `Required value${detail === undefined ? '' : `: ${detail}`}`,
})
export const wrongValue = (field: string, value: unknown, detail: string): FieldFault => ({
  field,
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${shown(value)}: ${detail}`,
})
export const duplicate = (field: string, value: unknown): FieldFault => ({
  field,
  reason: 'FieldValueDuplicate',
  message: `Duplicate value: ${shown(value)}`,
})
export const notThere = (field: string, value: unknown): FieldFault => ({
  field,
  reason: 'FieldValueNotFound',
  message: `Not found: ${shown(value)}`,
})
export const notAllowed = (field: string, detail: string): FieldFault => ({
  field,
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${detail}`,
})
export const unsupported = (field: string, value: unknown, allowed: readonly string[]): FieldFault => ({
  field,
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${shown(value)}: supported values: ${allowed.map((one) => JSON.stringify(one)).join(', ')}`,
})

function shown(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(value)
}

const labelPattern = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const subdomainPattern = `${labelPattern}(\\.${labelPattern})*`
const labelWords =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
const subdomainWords = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomainPattern}')`
const keyWords =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
const valueWords =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

/** What is wrong with a DNS label (63 characters), or undefined. */
export function labelFault(text: string): string | undefined {
  if (text.length > 63) return 'must be no more than 63 characters'
  return new RegExp(`^${labelPattern}$`).test(text) ? undefined : labelWords
}

/** What is wrong with a DNS subdomain (253 characters), or undefined. */
export function subdomainFault(text: string): string | undefined {
  if (text.length > 253) return 'must be no more than 253 characters'
  return new RegExp(`^${subdomainPattern}$`).test(text) ? undefined : subdomainWords
}

/** What is wrong with the key of a label or an annotation, or undefined. */
export function qualifiedNameFault(key: string): string | undefined {
  const parts = key.split('/')
  const name = parts.at(-1) ?? ''
  if (parts.length > 2)
    return `a qualified name ${keyWords.slice('name part '.length)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`
  if (parts.length === 2 && subdomainFault(parts[0] ?? '') !== undefined)
    return `prefix part ${subdomainFault(parts[0] ?? '')}`
  if (name === '') return 'name part must be non-empty'
  if (name.length > 63) return 'name part must be no more than 63 characters'
  return /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(name) ? undefined : keyWords
}

export function labelValueFault(value: string): string | undefined {
  if (value.length > 63) return 'must be no more than 63 characters'
  return /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value) ? undefined : valueWords
}
