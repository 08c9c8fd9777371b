import type { z } from 'zod'

export type FieldFault = { readonly path: readonly PropertyKey[]; readonly problem: string }
type Issue = z.core.$ZodIssue

/** Turns one finding of the schema into sentences that name the value and what is allowed; an unknown key is a fault of its own place. */
export function describeIssue(issue: Issue): FieldFault[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...issue.path, key], problem: 'no such setting (misspelt?)' }))
  if (issue.code === 'invalid_value')
    return [
      {
        path: issue.path,
        problem: `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}${got(issue)}`,
      },
    ]
  if (issue.code === 'invalid_type') {
    const missing = issue.message.endsWith('received undefined')
    return [
      {
        path: issue.path,
        problem: missing ? `is missing; a ${issue.expected} is needed` : `must be a ${issue.expected}${got(issue)}`,
      },
    ]
  }
  if (issue.code === 'invalid_union')
    return [
      {
        path: issue.path,
        problem: `${issue.message.startsWith('must ') ? issue.message : 'has none of the allowed forms'}${got(issue)}`,
      },
    ]
  if (issue.code === 'invalid_key')
    return [
      { path: issue.path, problem: `is not a good name: ${issue.issues.map((inner) => inner.message).join('; ')}` },
    ]
  return [{ path: issue.path, problem: `${issue.message}${got(issue)}` }]
}

/** Values of the catalog are no secrets (secrets are named, not written), so they may be shown. */
function got(issue: Issue): string {
  if (issue.input === undefined) return ''
  const shown = JSON.stringify(issue.input)
  return shown === undefined || shown.length > 80 ? '' : ` (it is ${shown})`
}
