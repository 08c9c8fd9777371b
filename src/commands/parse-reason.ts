import { longestReason } from '../operations/reason.ts'

/** What comes after one of these, folded, is the reason. */
export const reasonWords: ReadonlySet<string> = new Set([
  'reason',
  'motivo',
  'razon',
  'because',
  'porque',
  '--reason',
  '--motivo',
  '--razon',
  'reason:',
  'motivo:',
  'razon:',
])

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
