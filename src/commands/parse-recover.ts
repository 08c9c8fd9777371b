import { asksForHelp, type BadInput, fold, words } from '../surface/words.ts'
import { reasonWords, tooLong } from './parse-reason.ts'

/** What can be recovered: the first word after `/recover`. */
export const recoverKinds = ['db'] as const

export type RecoverWords =
  | { readonly kind: 'help' }
  /** The form, with the database chosen if it was named. */
  | { readonly kind: 'ask'; readonly database: string | undefined; readonly reason: string | undefined }
  | {
      readonly kind: 'go'
      readonly database: string
      /** Undefined: the newest. */
      readonly point: string | undefined
      readonly copy: boolean
      readonly apps: 'keep' | 'scale' | undefined
      readonly reason: string | undefined
    }
  | BadInput

const kinds = new Set(['db', 'bd', 'database', 'base', 'postgres', 'postgresql'])
const from = new Set(['from', 'desde', '--from'])
const newest = new Set(['latest', 'newest', 'ultimo', 'reciente'])
const copy = new Set(['copy', 'copia', '--copy'])
const scale = new Set(['scale', 'escalar', '--scale'])
const keep = new Set(['keep', 'mantener', '--keep'])
/** Understands `/recover db [NAME] [from POINT|latest] [copy] [scale|keep] [reason TEXT]` in both languages. Pure. */
export function parseRecover(text: string): RecoverWords {
  if (asksForHelp(text)) return { kind: 'help' }
  const all = words(text)
  if (all.length === 0) return { kind: 'ask', database: undefined, reason: undefined }
  const [first = '', ...rest] = all
  if (!kinds.has(fold(first)))
    return { kind: 'bad_input', field: 'recover', value: first, allowed: recoverKinds, hint: 'names' }
  return parseDatabase(rest)
}

function parseDatabase(all: readonly string[]): RecoverWords {
  let database: string | undefined
  let wanted: { readonly point: string | undefined } | undefined
  let [isCopy, apps, why]: [boolean, 'keep' | 'scale' | undefined, string | undefined] = [false, undefined, undefined]
  for (let index = 0; index < all.length; index++) {
    const word = all[index] ?? ''
    const folded = fold(word)
    if (from.has(folded)) {
      const point = all[++index]
      if (point === undefined)
        return { kind: 'bad_input', field: 'point', value: '', allowed: ['latest'], hint: 'names' }
      wanted = { point: newest.has(fold(point)) ? undefined : point }
    } else if (newest.has(folded)) wanted = { point: undefined }
    else if (copy.has(folded)) isCopy = true
    else if (scale.has(folded)) apps = 'scale'
    else if (keep.has(folded)) apps = 'keep'
    else if (reasonWords.has(folded)) {
      why = all.slice(index + 1).join(' ')
      break
    } else if (database === undefined) database = word
    else
      return {
        kind: 'bad_input',
        field: 'word',
        value: word,
        allowed: ['from …', 'copy', 'scale', 'reason …'],
        hint: 'words',
      }
  }
  const long = tooLong(why)
  if (long !== undefined) return long
  const given = why === '' ? undefined : why
  if (database === undefined || wanted === undefined) return { kind: 'ask', database, reason: given }
  return { kind: 'go', database, point: wanted.point, copy: isCopy, apps, reason: given }
}
