import { dropBeside } from '../../services/mongodb/beside.ts'
import { type Connected, withMongo } from '../../services/mongodb/client.ts'
import { copyDatabase, ownName, prefixOf } from '../../services/mongodb/names.ts'
import { type LiveCollection, listAll } from '../../services/mongodb/server.ts'
import { appendAudit } from '../../store/audit.ts'
import { getRun, listRuns } from '../../store/runs.ts'
import type { RunId, RunRow } from '../../store/types.ts'
import { dataIn, textIn } from '../../texts/data.ts'
import { pointsOf } from '../restoring/points.ts'
import type { Services } from '../services.ts'
import { keptBy } from './kept.ts'
import { placeOf, restorableMongo } from './place.ts'

const bot = { kind: 'bot', name: 'rescue' } as const
/** So many of the newest runs are looked at for copies that were made to look at. */
const newestRuns = 50

/**
 * Takes away what restores have left: copies of runs that ended without them, and replaced collections whose time is over, these
 * only when a newer backup was read whole and is good. Safe to repeat, by any replica.
 * @returns what was dropped
 */
export async function clearDocuments(services: Services, now = new Date()): Promise<readonly string[]> {
  const dropped: string[] = []
  for (const database of restorableMongo(services.catalog)) {
    try {
      const { url } = await placeOf(services, database)
      dropped.push(...(await withMongo(url, {}, (connected) => clearOne(services, database, connected, now))))
    } catch (error) {
      services.log.warn({ database, err: error }, 'what restores left was not cleared away')
    }
  }
  return dropped
}

async function clearOne(services: Services, database: string, connected: Connected, now: Date): Promise<string[]> {
  const all = await listAll(connected)
  const dropped: string[] = []
  for (const run of runsIn(all)) {
    const row = await getRun(services.db, run as RunId)
    // Of a run that this store does not know, or that is still under way, nothing is touched.
    if (row?.state !== 'ended' || row.operation !== 'recover-mongo' || row.subject.name !== database) continue
    if (isAbandoned(all, run)) dropped.push(...(await drop(services, connected, prefixOf('r', run), row)))
    if (await isOver(services, database, run, now))
      for (const kind of ['old', 'late', 'back'] as const)
        dropped.push(...(await drop(services, connected, prefixOf(kind, run), row)))
  }
  return [...dropped, ...(await clearCopies(services, database, connected, now))]
}

const runsIn = (all: readonly LiveCollection[]): readonly string[] => [
  ...new Set(all.flatMap(({ name }) => ownName(name)?.run ?? [])),
]

/** A copy whose exchange was cut off half way, and that people must look at, is not abandoned: its other half is in use. */
function isAbandoned(all: readonly LiveCollection[], run: string): boolean {
  const kinds = new Set(all.flatMap(({ name }) => (ownName(name)?.run === run ? [ownName(name)?.kind] : [])))
  return kinds.has('r') && !kinds.has('old')
}

/** Until a good backup of the time after it exists, the replaced collections may be the only place of some documents. */
async function isOver({ db, ...services }: Services, database: string, run: string, now: Date): Promise<boolean> {
  const kept = await keptBy(db, run, database)
  if (kept === undefined || Date.parse(kept.dropAfter) > now.getTime()) return false
  const ended = (await getRun(db, run as RunId))?.endedAt
  const points = await pointsOf({ db, ...services }, database)
  return (
    ended !== undefined &&
    points.some((point) => point.verified?.good === true && Date.parse(point.dataAt) > ended.getTime())
  )
}

async function drop(services: Services, connected: Connected, prefix: string, row: RunRow): Promise<readonly string[]> {
  const dropped = await dropBeside(connected, prefix)
  if (dropped.length > 0)
    await appendAudit(services.db, {
      kind: 'database_dropped',
      runId: row.id,
      actor: bot,
      data: { database: row.subject.name, run: row.id, collections: dropped },
    })
  return dropped
}

/** Databases that were made to look at, when their day is over; found by the runs that made them. */
async function clearCopies(
  services: Services,
  database: string,
  { client, db }: Connected,
  now: Date,
): Promise<readonly string[]> {
  const runs = await listRuns(services.db, { subject: { kind: 'database', name: database }, limit: newestRuns })
  const dropped: string[] = []
  for (const row of runs) {
    const copy = dataIn(row.outcome?.detail ?? {}, 'copy')
    const name = textIn(copy, 'name')
    if (row.operation !== 'recover-mongo' || name !== copyDatabase(db.databaseName, row.id)) continue
    if (Date.parse(textIn(copy, 'dropAfter')) > now.getTime()) continue
    const there = { client, db: client.db(name) }
    if ((await drop(services, there, '', row)).length > 0) dropped.push(name)
  }
  return dropped
}
