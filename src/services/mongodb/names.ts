/**
 * What the bot puts beside the collections in use, told by its name: `r` is being restored, `old` was replaced, `late` was
 * written between two renames, `back` had been in use for a moment before a swap was taken back.
 */
export type Beside = 'r' | 'old' | 'late' | 'back'

/** `__old42__`, for run R-0042. */
export const prefixOf = (kind: Beside, run: string): string => `__${kind}${Number(run.replace(/^R-/, ''))}__`

export type OwnName = { readonly kind: Beside; readonly run: string; readonly name: string }

/** Taken apart again; undefined for a collection of people. */
export function ownName(collection: string): OwnName | undefined {
  const match = /^__(r|old|late|back)(\d{1,9})__(.+)$/s.exec(collection)
  const [, kind, number, name] = match ?? []
  if (kind === undefined || number === undefined || name === undefined) return undefined
  return { kind: kind as Beside, run: `R-${number.padStart(4, '0')}`, name }
}

/** The longest of the prefixes, in bytes, for a run. */
export const longestPrefix = (run: string): number => prefixOf('late', run).length

/** The database in which a copy to look at is made. */
export const copyDatabase = (database: string, run: string): string =>
  `${database}_copy_${Number(run.replace(/^R-/, ''))}`
