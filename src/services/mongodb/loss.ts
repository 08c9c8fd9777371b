import { DatabaseError } from '../postgres/errors.ts'
import type { Connected } from './client.ts'
import { mongoError } from './errors.ts'
import { createIdTable, passOf, tableHolds } from './id-table.ts'
import { createMultiset, type MultisetSum } from './multiset.ts'
import { sumOfAll } from './prove.ts'
import { idOf, rawDocuments, shownId } from './raw.ts'

export type CollectionLoss = {
  readonly collection: string
  /** Documents that are only in the live collection: they would be gone. */
  readonly onlyLive: number
  /** In both by `_id`, with other contents in the live one: they would go back to the backup's. */
  readonly changed: number
  /** Only in the backup: they would come back. */
  readonly onlyBackup: number
  /** `_id`s of documents that would be gone or go back. */
  readonly examples: readonly string[]
}

export type LossPreview = {
  readonly at: string
  /** Only collections that differ, those that lose most first. */
  readonly collections: readonly CollectionLoss[]
  /** Collections that would leave the database whole, with their documents. */
  readonly leaving: readonly { readonly collection: string; readonly documents: number }[]
  /** Collections that only the backup has. */
  readonly coming: readonly string[]
  /** Could not be compared: never counted as equal. */
  readonly unknown: readonly { readonly collection: string; readonly why: string }[]
  readonly compared: number
  /** Documents that would be gone or go back, in all. */
  readonly lostDocuments: number
  /** Of all that would come: what was proved must be what is put in use. */
  readonly coming256: string
}

/** What stands under a name now, and what would stand there. Absent: nothing. */
export type Pair = { readonly collection: string; readonly live: string | undefined; readonly next: string | undefined }

const shownCollections = 40
const shownExamples = 5

/**
 * Compares what is in use with what would take its place, document by document by `_id`. Memory stays flat: hashes of one side,
 * in several passes where it is large.
 * @throws DatabaseError when the server is away
 */
export async function previewLoss(
  connected: Connected,
  pairs: readonly Pair[],
  onCollection?: (done: number, of: number) => void,
): Promise<LossPreview> {
  const collections: CollectionLoss[] = []
  const leaving: { collection: string; documents: number }[] = []
  const unknown: { collection: string; why: string }[] = []
  const sums: { readonly name: string; readonly sum: MultisetSum }[] = []
  for (const [index, pair] of pairs.entries()) {
    onCollection?.(index, pairs.length)
    try {
      if (pair.next === undefined)
        leaving.push({ collection: pair.collection, documents: await countOf(connected, pair.live) })
      else {
        const { loss, sum } = await compare(connected, pair.collection, pair.live, pair.next)
        sums.push({ name: pair.collection, sum })
        if (pair.live !== undefined && loss.onlyLive + loss.changed + loss.onlyBackup > 0) collections.push(loss)
      }
    } catch (error) {
      const known = mongoError(error)
      if (!(known instanceof DatabaseError) || known.reason === 'database_away') throw error
      unknown.push({ collection: pair.collection, why: known.message })
    }
  }
  const lost = (one: CollectionLoss) => one.onlyLive + one.changed
  const gone = leaving.reduce((sum, { documents }) => sum + documents, 0)
  return {
    at: new Date().toISOString(),
    collections: collections.toSorted((a, b) => lost(b) - lost(a)).slice(0, shownCollections),
    leaving,
    coming: pairs.filter(({ live }) => live === undefined).map(({ collection }) => collection),
    unknown,
    compared: pairs.filter(({ live, next }) => live !== undefined && next !== undefined).length - unknown.length,
    lostDocuments: collections.reduce((sum, one) => sum + lost(one), gone),
    coming256: sumOfAll(sums),
  }
}

const countOf = ({ db }: Connected, name: string | undefined): Promise<number> =>
  name === undefined ? Promise.resolve(0) : db.collection(name).countDocuments()

async function compare(
  connected: Connected,
  collection: string,
  live: string | undefined,
  next: string,
): Promise<{ readonly loss: CollectionLoss; readonly sum: MultisetSum }> {
  const count = await countOf(connected, next)
  const passes = Math.max(1, Math.ceil(count / (tableHolds * 0.9)))
  const sum = createMultiset()
  const examples: string[] = []
  let [onlyLive, changed, onlyBackup] = [0, 0, 0]
  for (let pass = 0; pass < passes; pass++) {
    const table = createIdTable(Math.ceil(count / passes))
    for await (const document of rawDocuments(connected, next)) {
      if (pass === 0) sum.add(document)
      const id = idOf(document)
      if (passOf(id, passes) === pass) table.put(id, document)
    }
    if (live !== undefined)
      for await (const document of rawDocuments(connected, live)) {
        const id = idOf(document)
        if (passOf(id, passes) !== pass) continue
        const met = table.meet(id, document)
        if (met === 'same') continue
        if (met === 'absent') onlyLive++
        else changed++
        if (examples.length < shownExamples) examples.push(shownId(id))
      }
    onlyBackup += table.unmet()
  }
  return { loss: { collection, onlyLive, changed, onlyBackup, examples }, sum: sum.sum() }
}
