import type { RestorePoint } from '../../backups/types.ts'
import { announceDrop } from '../../delivery/enqueue.ts'
import { type Client, identifier, withClient } from '../../services/postgres/client.ts'
import { DatabaseError } from '../../services/postgres/errors.ts'
import { type KeptDatabase, listKept, listKeptSchemas } from '../../services/postgres/kept.ts'
import { dropShadow } from '../../services/postgres/shadow.ts'
import { appendAudit, findAudit } from '../../store/audit.ts'
import { transaction } from '../../store/db.ts'
import { getRun } from '../../store/runs.ts'
import type { RunId, RunRow } from '../../store/types.ts'
import { dataIn, numberIn, textIn } from '../../texts/data.ts'
import { pointsOf } from '../restoring/points.ts'
import type { Services } from '../services.ts'
import { judgeBackup } from './backup.ts'
import { dueOf } from './kept-due.ts'
import { leftBehind, stagesLeft } from './left-behind.ts'
import { type Place, placeOf, restorable } from './place.ts'

const bot = { kind: 'bot', name: 'rescue' } as const

/** A backup that could not be judged is not read again before. */
const againMs = 6 * 3_600_000
const tried = new Map<string, number>()

/**
 * Takes away what restores have left: copies of runs that ended without them, and what was replaced, once its hours are over, a
 * newer backup is known to be good, and people were told. Whatever is not exactly what a run of this store has put aside stays.
 * Safe to repeat, by any replica.
 * @returns names of what was dropped
 */
export async function clearDatabases(services: Services, now = new Date()): Promise<readonly string[]> {
  const dropped: string[] = []
  for (const database of restorable(services.catalog)) {
    await clearOne(services, database, now, dropped).catch((error: unknown) =>
      services.log.warn({ database, err: error }, 'what restores left was not cleared away'),
    )
  }
  return dropped
}

async function clearOne(services: Services, database: string, now: Date, dropped: string[]): Promise<void> {
  const place = await placeOf(services, database)
  const points = once(() => pointsOf(services, database))
  const drop = async (name: string, run: string, how: () => Promise<void>) => {
    await how()
    await appendAudit(services.db, {
      kind: 'database_dropped',
      runId: run as RunId,
      actor: bot,
      data: { database: name, run },
    })
    dropped.push(name)
  }
  await withClient(place.url, { database: place.maintenance, statementMs: 60_000 }, async (client) => {
    const copies = await leftBehind(services.db, client, database, place.name)
    for (const { name, run } of copies) await drop(name, run, () => dropShadow(client, name))
    for (const kept of await mine(services, database, await listKept(client)))
      if (kept.name.includes('_copy_') ? isOver(kept, now) : await isDue(services, database, kept, points, now))
        await drop(kept.name, kept.note.run, () => dropShadow(client, kept.name))
  })
  await inLive(place, async (client) => {
    for (const { name, run } of await stagesLeft(services.db, client, database))
      await drop(name, run, () => dropSchema(client, name))
    for (const kept of await mine(services, database, await listKeptSchemas(client)))
      if (await isDue(services, database, kept, points, now))
        await drop(kept.name, kept.note.run, () => dropSchema(client, kept.name))
  })
}

/** A live database that is gone or cannot be read has no schemas to look at. */
async function inLive({ url, name }: Place, body: (client: Client) => Promise<void>): Promise<void> {
  await withClient(url, { database: name, statementMs: 60_000 }, body).catch((error: unknown) => {
    if (!(error instanceof DatabaseError) || error.reason !== 'database_gone') throw error
  })
}

async function dropSchema(client: Client, name: string): Promise<void> {
  await client.query('set lock_timeout = 5000')
  await client.query(`drop schema ${identifier(name)} cascade`)
}

/** By the run's own record: its name, its OID and the database it was about. A comment alone can be written by anybody. */
async function mine<Kept extends KeptDatabase>(
  services: Services,
  database: string,
  all: readonly Kept[],
): Promise<readonly Kept[]> {
  const runs = await Promise.all(all.map(({ note }) => getRun(services.db, note.run as RunId)))
  return all.filter((kept, at) => isOf(kept, database, runs[at]))
}

function isOf(kept: KeptDatabase, database: string, run: RunRow | undefined): boolean {
  if (run?.state !== 'ended' || run.subject.name !== database) return false
  const record = dataIn(run.outcome?.detail ?? {}, 'kept')
  return textIn(record, 'name') === kept.name && numberIn(record, 'oid') === kept.oid
}

const isOver = ({ note }: KeptDatabase, now: Date): boolean => Date.parse(note.dropAfter) < now.getTime()

async function isDue(
  services: Services,
  database: string,
  kept: KeptDatabase,
  points: () => Promise<readonly RestorePoint[]>,
  now: Date,
): Promise<boolean> {
  if (!isOver(kept, now)) return false
  const run = kept.note.run as RunId
  const announced = await findAudit(services.db, run, 'drop_announced', { database: kept.name, oid: kept.oid })
  const announcedAt = announced === undefined ? undefined : new Date(textIn(announced.data, 'at'))
  const due = dueOf(kept.note, await points(), announcedAt, now)
  if (due.kind === 'no_newer_backup' && due.verify !== undefined) await verify(services, database, due.verify)
  if (due.kind === 'announce')
    await transaction(services.db, async (tx) => {
      const { name, oid, bytes } = kept
      await appendAudit(tx, {
        kind: 'drop_announced',
        runId: run,
        actor: bot,
        data: { database: name, oid, at: now.toISOString() },
      })
      await announceDrop(tx, { run, database, name, bytes, backup: due.backup, dropAt: due.dropAt.toISOString() })
    })
  return due.kind === 'drop'
}

/** Nobody may ever restore from it: read whole here, it is known whether it could be. */
async function verify(services: Services, database: string, point: RestorePoint): Promise<void> {
  const key = `${point.id} ${point.identity}`
  if (Date.now() - (tried.get(key) ?? 0) < againMs) return
  tried.set(key, Date.now())
  const judged = await judgeBackup(services, { database, point }, new AbortController().signal, async () => undefined)
  services.log.info({ database, point: point.id, found: judged.kind }, 'a backup was read whole')
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined
  return () => {
    found ??= read()
    return found
  }
}
