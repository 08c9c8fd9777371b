import type { RestorePoint } from '../../backups/types.ts'
import { type Client, withClient } from '../../services/postgres/client.ts'
import { type KeptDatabase, listKept } from '../../services/postgres/kept.ts'
import { dropShadow } from '../../services/postgres/shadow.ts'
import { appendAudit } from '../../store/audit.ts'
import { getRun } from '../../store/runs.ts'
import type { RunId } from '../../store/types.ts'
import type { Services } from '../services.ts'
import { pointsOf } from './backup.ts'
import { placeOf, restorable } from './place.ts'

const bot = { kind: 'bot', name: 'rescue' } as const

/**
 * Takes away what restores have left: copies of runs that ended without them, and replaced databases whose time is over, these
 * only when a newer backup was read whole and is good. Safe to repeat, by any replica.
 * @returns names of what was dropped
 */
export async function clearDatabases(services: Services, now = new Date()): Promise<readonly string[]> {
  const dropped: string[] = []
  for (const database of restorable(services.catalog)) {
    const { url, name, maintenance } = await placeOf(services, database)
    await withClient(url, { database: maintenance, statementMs: 60_000 }, async (client) => {
      for (const copy of await abandoned(services, client, database, name)) {
        await drop(services, client, copy.database, copy.run)
        dropped.push(copy.database)
      }
      for (const kept of await overdue(services, client, database, now)) {
        await drop(services, client, kept.name, kept.note.run)
        dropped.push(kept.name)
      }
    }).catch((error: unknown) => services.log.warn({ database, err: error }, 'what restores left was not cleared away'))
  }
  return dropped
}

async function drop(services: Services, client: Client, name: string, run: string): Promise<void> {
  await dropShadow(client, name)
  const id = (await getRun(services.db, run as RunId))?.id
  const entry = { kind: 'database_dropped', actor: bot, data: { database: name, run } }
  await appendAudit(services.db, id === undefined ? entry : { ...entry, runId: id })
}

/** Copies that no run needs any more: only those of runs that this store knows and that have ended. */
async function abandoned(services: Services, client: Client, database: string, live: string) {
  const { rows } = await client.query<{ name: string }>(
    `select datname as name from pg_database where datname ~ '_r_[0-9]{4,9}_[0-9a-f]{4}$'`,
  )
  const found: { readonly database: string; readonly run: string }[] = []
  for (const { name } of rows) {
    const match = /^(.*)_r_(\d{4,9})_[0-9a-f]{4}$/.exec(name)
    const [, prefix = '', number = ''] = match ?? []
    if (prefix === '' || !live.startsWith(prefix)) continue
    const run = await getRun(services.db, `R-${number}`)
    if (run?.state === 'ended' && run.subject.name === database) found.push({ database: name, run: run.id })
  }
  return found
}

async function overdue(
  services: Services,
  client: Client,
  database: string,
  now: Date,
): Promise<readonly KeptDatabase[]> {
  const kept = (await listKept(client)).filter(({ note }) => Date.parse(note.dropAfter) < now.getTime())
  const own = await Promise.all(
    kept.map(async (each) => (await getRun(services.db, each.note.run as RunId))?.subject.name === database),
  )
  const mine = kept.filter((_, index) => own[index] === true)
  if (mine.length === 0) return []
  const points = await pointsOf(services, database)
  return mine.filter((each) => each.name.includes('_copy_') || hasNewer(points, each.note.at))
}

/** Until a good backup of the time after it exists, the replaced database may be the only place of some rows. */
const hasNewer = (points: readonly RestorePoint[], at: string): boolean =>
  points.some((point) => point.verified?.good === true && Date.parse(point.dataAt) > Date.parse(at))
