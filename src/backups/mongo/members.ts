import { createHash } from 'node:crypto'
import { BadBackup, shown } from '../fault.ts'
import type { Member } from '../files.ts'
import { accountNames, bucketsOf, withoutBuckets } from './names.ts'

/** A collection's files in a folder of mongodump. */
export type Found = {
  /** Of the collection; of a name that was too long for a file, what is left of it. */
  readonly name: string
  /** Its metadata tell the name: see `checkLongName`. */
  readonly cut: boolean
  readonly timeSeries: boolean
  readonly documents: Member | undefined
  readonly metadata: Member | undefined
}

export type Sorted = {
  readonly collections: readonly Found[]
  readonly gzip: boolean
  readonly prelude: Member | undefined
}

const companions: ReadonlySet<string> = new Set(['SHA256SUMS'])
/** outputPath of mongodump: 208 characters, `%24`, and the hash of the whole name. */
const cutLength = 238

/**
 * What belongs together. mongorestore passes over what it does not know without a word, and takes `.bin` for documents.
 * @throws BadBackup `member_unexpected`
 */
export function sortMembers(members: readonly Member[]): Sorted {
  const found = new Map<
    string,
    { name: string; cut: boolean; timeSeries: boolean; documents?: Member; metadata?: Member }
  >()
  const packed = new Set<boolean>()
  let prelude: Member | undefined
  for (const member of members) {
    if (companions.has(member.name) || member.name.startsWith('.')) continue
    if (/^prelude\.json(\.gz)?$/.test(member.name)) {
      prelude = member
      continue
    }
    const [, stem, kind, gz] = /^(.+)\.(bson|metadata\.json)(\.gz)?$/s.exec(member.name) ?? []
    if (stem === undefined) throw unexpected(member.name)
    packed.add(gz !== undefined)
    const cut = stem.length === cutLength && stem.includes('%24')
    const whole = cut ? stem : unescaped(stem, member.name)
    const timeSeries = whole !== withoutBuckets(whole)
    const name = withoutBuckets(whole)
    const one = found.get(name) ?? { name, cut, timeSeries: false }
    if (timeSeries && kind === 'bson') one.timeSeries = true
    const part = kind === 'bson' ? 'documents' : 'metadata'
    if (one[part] !== undefined) throw unexpected(member.name)
    one[part] = member
    found.set(name, one)
  }
  if (packed.size > 1)
    throw new BadBackup(
      'member_unexpected',
      'some of its files are packed and some are not: mongorestore would pass over some',
    )
  const collections = [...found.values()].map((one) => ({ ...one, documents: one.documents, metadata: one.metadata }))
  return { collections, gzip: packed.has(true), prelude }
}

/** As url.QueryEscape of Go, but for the files of accounts. */
function unescaped(stem: string, file: string): string {
  if (accountNames.has(stem)) return stem
  try {
    return decodeURIComponent(stem.replaceAll('+', ' '))
  } catch {
    throw unexpected(file)
  }
}

function unexpected(name: string): BadBackup {
  return new BadBackup('member_unexpected', `a file called "${shown(name, 60)}" in its folder`)
}

/**
 * The whole name of a collection whose file could not hold it: it must be the one whose hash the file has.
 * @throws BadBackup `damaged`
 */
export function checkLongName(cut: string, name: string | undefined): string {
  const hash = cut.slice(cut.lastIndexOf('%24') + 3)
  for (const whole of name === undefined ? [] : [name, bucketsOf(name)])
    if (createHash('sha1').update(whole).digest('base64url') === hash) return withoutBuckets(whole)
  throw new BadBackup('damaged', `the metadata of "${shown(cut, 40)}" do not tell its name`)
}
