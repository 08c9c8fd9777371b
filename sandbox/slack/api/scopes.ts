import { type Failure, fail } from './answers.ts'

export function missingScope(needed: readonly string[], provided: readonly string[]): Failure {
  return fail('missing_scope', { needed: needed.join(','), provided: provided.join(',') })
}
