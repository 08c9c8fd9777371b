import { isObject } from '../model/json.ts'

export type Surface = 'message' | 'modal' | 'home'

/** One walk over some blocks: where they will stand, and what was found wrong. */
export type Check = { readonly surface: Surface; readonly problems: string[] }

/** Looks at one value and reports what Slack would; `pointer` is its place, such as `/blocks/0/text`. */
export type Rule = (value: unknown, pointer: string, check: Check) => void

export type Fields = Readonly<Record<string, Rule | Required>>
export type Required = { readonly required: Rule }

export const required = (rule: Rule): Required => ({ required: rule })

export function report(check: Check, pointer: string, message: string): void {
  check.problems.push(`${message} [json-pointer:${pointer}]`)
}

export const anything: Rule = () => {}

/** A string with a length in characters, and a form if one is given. */
export function string({
  min = 0,
  max,
  form,
}: {
  readonly min?: number
  readonly max?: number
  readonly form?: RegExp
} = {}): Rule {
  return (value, pointer, check) => {
    if (typeof value !== 'string') return report(check, pointer, 'must provide a string')
    if (value.length < min) report(check, pointer, `must be more than ${min - 1} characters`)
    if (max !== undefined && value.length > max) report(check, pointer, `must be less than ${max + 1} characters`)
    if (form !== undefined && !form.test(value)) report(check, pointer, 'failed to match the expected format')
  }
}

export const url = (max: number): Rule => string({ min: 1, max, form: /^(https?|slack|mailto|tel):\S+$/ })

export const boolean: Rule = (value, pointer, check) => {
  if (typeof value !== 'boolean') report(check, pointer, 'must provide a boolean')
}

export function integer({ min, max }: { readonly min?: number; readonly max?: number } = {}): Rule {
  return (value, pointer, check) => {
    if (!Number.isInteger(value)) return report(check, pointer, 'must provide an integer')
    if (min !== undefined && Number(value) < min) report(check, pointer, `must be at least ${min}`)
    if (max !== undefined && Number(value) > max) report(check, pointer, `must be at most ${max}`)
  }
}

/** One of some words. */
export function word(...allowed: readonly string[]): Rule {
  return (value, pointer, check) => {
    if (typeof value !== 'string') report(check, pointer, 'must provide a string')
    else if (!allowed.includes(value)) report(check, pointer, `must be one of: ${allowed.join(', ')}`)
  }
}

export function list(item: Rule, { min = 0, max }: { readonly min?: number; readonly max?: number } = {}): Rule {
  return (value, pointer, check) => {
    if (!Array.isArray(value)) return report(check, pointer, 'must provide an array')
    if (value.length < min) report(check, pointer, `no fewer than ${min} items allowed`)
    if (max !== undefined && value.length > max) return report(check, pointer, `no more than ${max} items allowed`)
    for (const [index, one] of value.entries()) item(one, `${pointer}/${index}`, check)
  }
}

/** An object with these fields and no others; `and` looks at what one field alone cannot show. */
export function object(fields: Fields, and: Rule = anything): Rule {
  return (value, pointer, check) => {
    if (!isObject(value)) return report(check, pointer, 'must provide an object')
    for (const [name, field] of Object.entries(fields)) {
      const rule = typeof field === 'function' ? field : field.required
      if (value[name] !== undefined) rule(value[name], `${pointer}/${name}`, check)
      else if (typeof field !== 'function') report(check, pointer, `missing required field: ${name}`)
    }
    for (const name of Object.keys(value)) {
      if (!(name in fields)) report(check, pointer, `invalid additional property: ${name}`)
    }
    and(value, pointer, check)
  }
}

/** An object whose `type` says which rule it must keep. */
export function byType(rules: Readonly<Record<string, Rule>>): Rule {
  return (value, pointer, check) => {
    if (!isObject(value)) return report(check, pointer, 'must provide an object')
    const { type } = value
    if (type === undefined) return report(check, pointer, 'missing required field: type')
    const rule = typeof type === 'string' && Object.hasOwn(rules, type) ? rules[type] : undefined
    if (rule === undefined) return report(check, `${pointer}/type`, `unsupported type: ${String(type)}`)
    rule(value, pointer, check)
  }
}

/** Exactly one of some fields. */
export function exactlyOne(...names: readonly string[]): Rule {
  return (value, pointer, check) => {
    const given = names.filter((name) => isObject(value) && value[name] !== undefined)
    if (given.length === 0) report(check, pointer, `missing required field: ${names.join(' or ')}`)
    if (given.length > 1) report(check, pointer, `only one of ${names.join(', ')} may be given`)
  }
}

export function both(...rules: readonly Rule[]): Rule {
  return (value, pointer, check) => {
    for (const rule of rules) rule(value, pointer, check)
  }
}
