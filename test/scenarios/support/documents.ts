import type { Db } from 'mongodb'
import { withDocuments } from '../../../sandbox/mongodb/start.ts'
import { createMultiset } from '../../../src/services/mongodb/multiset.ts'
import { ownName } from '../../../src/services/mongodb/names.ts'
import { listRuns } from '../../../src/store/runs.ts'
import type { RunRow } from '../../../src/store/types.ts'
import { until } from './person.ts'
import type { World } from './world.ts'

export const documentsName = 'porttrack_nosql'

/** Asks PortTrack's documents directly. */
export function inDocuments<T>(world: World, body: (db: Db) => Promise<T>): Promise<T> {
  const { mongo } = world.sandbox.databases
  if (mongo === undefined) throw new Error('the sandbox has no MongoDB')
  return withDocuments(mongo.server.url, documentsName, body)
}

/** What stands in the database by name: UUID, and a sum over every document's bytes with the names of the indexes. */
export type Found = { readonly uuid: string; readonly sum: string }

export async function collections(world: World): Promise<Readonly<Record<string, Found>>> {
  return inDocuments(world, async (db) => {
    const found: Record<string, Found> = {}
    for (const { name, info } of await db.listCollections({}, { nameOnly: false }).toArray()) {
      const multiset = createMultiset()
      for await (const document of db.collection(name).find({}, { raw: true }))
        if (document instanceof Uint8Array) multiset.add(document)
      const indexes = (await db.collection(name).indexes()).map((index) => JSON.stringify([index.name, index.key]))
      found[name] = { uuid: String(info?.uuid?.toString('hex')), sum: JSON.stringify([multiset.sum(), indexes]) }
    }
    return found
  })
}

/** Only what is in use, or only what was put beside in one of these ways. */
export function inUseOf(all: Readonly<Record<string, Found>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, { sum }]) => (ownName(name) === undefined ? [[name, sum]] : [])),
  )
}

export function besideOf(all: Readonly<Record<string, Found>>, kind: 'r' | 'old' | 'late' | 'back', run?: string) {
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, { sum }]) => {
      const own = ownName(name)
      return own?.kind === kind && (run === undefined || own.run === run) ? [[own.name, sum]] : []
    }),
  )
}

/** The newest run about PortTrack's documents in one of these states. */
export function documentsRun(world: World, state: RunRow['state'], after = 0, seconds = 60): Promise<RunRow> {
  return until(
    `a run of the documents in ${state}`,
    async () => {
      const [run] = await listRuns(world.db, { subject: { kind: 'database', name: documentsName }, limit: 1 })
      if (run === undefined || Number(run.id.slice(2)) <= after) return undefined
      if (run.state === 'ended' && state !== 'ended') throw new Error(`it ended: ${JSON.stringify(run.outcome)}`)
      return run.state === state ? run : undefined
    },
    seconds,
  )
}
