import { DatabaseError } from '../services/postgres/errors.ts'
import type { Part, UnknownWhy } from '../texts/views.ts'

/** The way to say of a part that it could not be had. */
export const unknownPart = (unknown: UnknownWhy): { readonly unknown: UnknownWhy } => ({ unknown })

const states: Readonly<Record<string, UnknownWhy>> = {
  // PostgreSQL: statement_timeout, insufficient_privilege.
  '57014': 'no_answer',
  '42501': 'not_allowed',
  // MongoDB: Unauthorized, CommandNotFound, MaxTimeMSExpired.
  '13': 'not_allowed',
  '59': 'not_told',
  '50': 'no_answer',
}

/**
 * One part of a look with its own time limit: whatever happens to it, the others are told.
 * @param limitMs after which it is told as `no_answer`
 */
export async function part<T>(
  limitMs: number,
  read: () => Promise<T | { readonly unknown: UnknownWhy }>,
): Promise<Part<T>> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Part<T>>((resolve) => {
    timer = setTimeout(() => resolve(unknownPart('no_answer')), limitMs)
  })
  const asked = read().then(
    (found): Part<T> => (isUnknown(found) ? found : { value: found }),
    (error: unknown): Part<T> => unknownPart(whyOf(error)),
  )
  return Promise.race([asked, late]).finally(() => clearTimeout(timer))
}

function isUnknown(found: unknown): found is { readonly unknown: UnknownWhy } {
  return typeof found === 'object' && found !== null && 'unknown' in found
}

function whyOf(error: unknown): UnknownWhy {
  const from = error instanceof DatabaseError ? error.cause : error
  const code = from instanceof Error && 'code' in from ? String(from.code) : ''
  const known = states[code]
  if (known !== undefined) return known
  return error instanceof DatabaseError && error.reason === 'database_away' ? 'away' : 'unreadable'
}
