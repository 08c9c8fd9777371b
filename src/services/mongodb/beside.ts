import { setTimeout as sleep } from 'node:timers/promises'
import { readCanonical } from './canonical.ts'
import type { Connected } from './client.ts'
import { nameGone, serverCode } from './errors.ts'
import { type LiveCollection, listAll } from './server.ts'

const lookMs = 300
const looks = 60

/** A server says of its own which version of an index it builds, and how. */
const ofTheServer = new Set(['v', 'ns', 'background'])

/** Given by `collMod` after the documents: while they arrive, the backup is right, whatever a validator says to old ones. */
const laterOptions = new Set(['validator', 'validationLevel', 'validationAction'])
/** Servers of today refuse these words of old ones; they change nothing. */
const forgotten = new Set(['autoIndexId', 'flags', 'uuid'])

/** Makes an empty collection as the backup says: capped, collation, clustered, whatever cannot be given later. */
export async function createBeside({ db }: Connected, name: string, options: string): Promise<void> {
  const now = [...readCanonical(options)].filter(([key]) => !laterOptions.has(key) && !forgotten.has(key))
  await db.command({ create: name, ...Object.fromEntries(now) })
}

/** The validator of the backup, once all documents are in. Does nothing where there is none. */
export async function addValidator({ db }: Connected, name: string, options: string): Promise<void> {
  const later = [...readCanonical(options)].filter(([key]) => laterOptions.has(key))
  if (later.length > 0) await db.command({ collMod: name, ...Object.fromEntries(later) })
}

/** As a command, so that the server judges every option of it; `_id_` is there already. */
export async function createIndex({ db }: Connected, name: string, spec: string): Promise<void> {
  const index = new Map([...readCanonical(spec)].filter(([key]) => !ofTheServer.has(key)))
  await db.command({ createIndexes: name, indexes: [index] })
}

/** Collections whose names begin so, as they are now. */
export async function besideOf(connected: Connected, prefix: string): Promise<readonly LiveCollection[]> {
  return (await listAll(connected)).filter(({ name }) => name.startsWith(prefix))
}

/**
 * Drops everything under a prefix, and looks until two looks agree that it is gone: the last batch of a writer that was just
 * ended can make a dropped collection anew.
 * @returns names of what was dropped
 * @throws Error when something goes on writing there
 */
export async function dropBeside(connected: Connected, prefix: string): Promise<readonly string[]> {
  const dropped: string[] = []
  let clean = 0
  for (let look = 0; look < looks; look++) {
    const found = await besideOf(connected, prefix)
    for (const { name } of found) {
      await dropOne(connected, name)
      dropped.push(name)
    }
    clean = found.length === 0 ? clean + 1 : 0
    if (clean === 2) return dropped
    await sleep(lookMs)
  }
  throw new Error(`something goes on writing into collections that begin with ${prefix}`)
}

async function dropOne({ db }: Connected, name: string): Promise<void> {
  try {
    await db.command({ drop: name })
  } catch (error) {
    if (serverCode(error) !== nameGone) throw error
  }
}
