import { longestReason } from '../operations/reason.ts'

/** A reason longer than is kept, as a fault of what was typed; undefined: it may stay. */
export function tooLong(why: string | undefined) {
  if (why === undefined || why.length <= longestReason) return undefined
  return {
    kind: 'bad_input',
    field: 'reason',
    value: `${why.slice(0, 40)}…`,
    allowed: [`${longestReason}`],
    hint: 'length',
    length: why.length,
  } as const
}
