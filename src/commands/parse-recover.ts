import type { Engine } from '../operations/restoring/points.ts'
import type { RecoverWishes } from '../surface/recover-request.ts'
import { asksForHelp, type BadInput, fold, words } from '../surface/words.ts'
import { reasonWords, tooLong } from './parse-reason.ts'

/** What can be recovered: the first word after `/recover`. */
export const recoverKinds = ['db', 'mongo'] as const

export type RecoverWords =
  | { readonly kind: 'help' }
  /** The form, with the database chosen if it was named. `only`: databases of this engine. */
  | {
      readonly kind: 'ask'
      readonly only: Engine | undefined
      readonly database: string | undefined
      readonly reason: string | undefined
    }
  | {
      readonly kind: 'go'
      readonly only: Engine | undefined
      readonly database: string
      readonly wishes: RecoverWishes
    }
  | BadInput

/** `db` asks which database of either engine; an engine's own name means only its databases. */
const kinds: Readonly<Record<string, { readonly only: Engine | undefined }>> = {
  ...Object.fromEntries(['db', 'bd', 'database', 'base'].map((word) => [word, { only: undefined }])),
  ...Object.fromEntries(['postgres', 'postgresql'].map((word) => [word, { only: 'postgres' as const }])),
  ...Object.fromEntries(['mongo', 'mongodb'].map((word) => [word, { only: 'mongodb' as const }])),
}

const newest = new Set(['latest', 'newest', 'ultimo', 'reciente'])
const keepWords = new Set(['keep', 'conservar', 'mantener', 'dejar'])
const asideWords = new Set(['aside', 'apartar', 'aparte'])

/** Words that stand alone. */
const flags: Readonly<Record<string, RecoverWishes>> = {
  ...Object.fromEntries(['copy', 'copia', '--copy'].map((word) => [word, { copy: true }])),
  ...Object.fromEntries(['scale', 'escalar', '--scale'].map((word) => [word, { apps: 'scale' as const }])),
  ...Object.fromEntries(['keep', 'mantener', '--keep'].map((word) => [word, { apps: 'keep' as const }])),
  ...Object.fromEntries(['users', 'usuarios', '--users'].map((word) => [word, { users: true }])),
}

/** Words that need the next one; undefined: that one is not allowed. */
const valued: Readonly<
  Record<
    string,
    { readonly field: string; readonly allowed: readonly string[]; read(value: string): RecoverWishes | undefined }
  >
> = {
  ...Object.fromEntries(
    ['from', 'desde', '--from'].map((word) => [
      word,
      {
        field: 'point',
        allowed: ['latest'],
        read: (value: string) => ({ point: newest.has(fold(value)) ? undefined : value }),
      },
    ]),
  ),
  ...part('table', ['table', 'tabla', '--table'], ['public.bookings']),
  ...part('schema', ['schema', 'esquema', '--schema'], ['public']),
  ...Object.fromEntries(
    ['only-live', 'solo-vivas', '--only-live'].map((word) => [
      word,
      { field: 'onlyLive', allowed: ['keep', 'aside'], read: readOnlyLive },
    ]),
  ),
}

function part(kind: 'table' | 'schema', all: readonly string[], allowed: readonly string[]) {
  const read = (name: string): RecoverWishes => ({ scope: { kind, name } })
  return Object.fromEntries(all.map((word) => [word, { field: kind, allowed, read }]))
}

function readOnlyLive(value: string): RecoverWishes | undefined {
  const folded = fold(value)
  if (keepWords.has(folded)) return { onlyLive: 'keep' }
  return asideWords.has(folded) ? { onlyLive: 'aside' } : undefined
}

const lookUp = <T>(from: Readonly<Record<string, T>>, word: string): T | undefined =>
  Object.hasOwn(from, word) ? from[word] : undefined

/**
 * Understands `/recover db|mongo [NAME] [from POINT|latest] [copy] [scale|keep] [table T|schema S] [only-live keep|aside] [users]
 * [reason TEXT]` in both languages. Pure; which words a database's engine knows is asked later.
 */
export function parseRecover(text: string): RecoverWords {
  if (asksForHelp(text)) return { kind: 'help' }
  const all = words(text)
  const [first, ...rest] = all
  if (first === undefined) return { kind: 'ask', only: undefined, database: undefined, reason: undefined }
  const kind = lookUp(kinds, fold(first))
  if (kind === undefined)
    return { kind: 'bad_input', field: 'recover', value: first, allowed: recoverKinds, hint: 'names' }
  return parseDatabase(rest, kind.only)
}

function parseDatabase(all: readonly string[], only: Engine | undefined): RecoverWords {
  let database: string | undefined
  let wishes: RecoverWishes = {}
  /** Whoever says more than a name wants no form; the newest backup is meant unless they say which. */
  let told = false
  for (let index = 0; index < all.length; index++) {
    const word = all[index] ?? ''
    const folded = fold(word)
    const [flag, value] = [lookUp(flags, folded), lookUp(valued, folded)]
    if (reasonWords.has(folded)) {
      const reason = all.slice(index + 1).join(' ')
      wishes = { ...wishes, ...(reason === '' ? {} : { reason }) }
      break
    }
    if (value !== undefined) {
      const next = all[++index] ?? ''
      const read = next === '' ? undefined : value.read(next)
      if (read === undefined)
        return { kind: 'bad_input', field: value.field, value: next, allowed: value.allowed, hint: 'names' }
      wishes = { ...wishes, ...read }
      told = true
    } else if (newest.has(folded)) told = true
    else if (flag !== undefined) {
      wishes = { ...wishes, ...flag }
      told = true
    } else if (database === undefined) database = word
    else return { kind: 'bad_input', field: 'word', value: word, allowed: knownWords, hint: 'words' }
  }
  const long = tooLong(wishes.reason)
  if (long !== undefined) return long
  if (database === undefined || !told) return { kind: 'ask', only, database, reason: wishes.reason }
  return { kind: 'go', only, database, wishes }
}

const knownWords = ['from …', 'copy', 'scale', 'table …', 'schema …', 'only-live …', 'users', 'reason …']
