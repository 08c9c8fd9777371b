import { deserialize } from 'bson'
import type { Connected } from './client.ts'
import { rawDocuments } from './raw.ts'

/** What became of documents that were written between two renames. */
export type Merged = {
  readonly collection: string
  /** Now also in the collection in use. */
  readonly inUse: number
  /** Their `_id` stands there with other contents: they are only beside. */
  readonly onlyBeside: number
}

/**
 * Writes that arrived between two renames go into the collection that is in use now, except where one with their `_id` is
 * there already. The collection beside stays as it is. Safe to repeat.
 */
export async function mergeLate(connected: Connected, beside: string, collection: string): Promise<Merged> {
  const { db } = connected
  const into = db.collection(collection)
  let [inUse, onlyBeside] = [0, 0]
  for await (const raw of rawDocuments(connected, beside)) {
    const document = deserialize(raw, { promoteValues: false, promoteLongs: false, promoteBuffers: false })
    const there = await into.findOne({ _id: document['_id'] }, { raw: true })
    if (there === null) await into.insertOne(document, { ignoreUndefined: false })
    if (there === null || (there instanceof Uint8Array && Buffer.compare(there, raw) === 0)) inUse++
    else onlyBeside++
  }
  return { collection, inUse, onlyBeside }
}
