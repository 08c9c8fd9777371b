import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Duplex, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { MongoKind, OpenedPoint } from '../../backups/deps.ts'
import { makeScratch } from '../../backups/scratch.ts'
import { createBeside, dropBeside } from '../../services/mongodb/beside.ts'
import { withMongo } from '../../services/mongodb/client.ts'
import { restoreInto } from '../../services/mongodb/restore.ts'
import type { Feed } from '../../services/mongodb/restore-command.ts'
import { withToolSettings } from '../../services/mongodb/tool-settings.ts'
import { findMongoTools } from '../../services/mongodb/tools.ts'
import type { Refused } from '../restoring/verdict.ts'
import { unreadable } from '../restoring/verdict.ts'
import type { Report, Run } from '../types.ts'
import { openBackup } from './backup.ts'
import { at, besideOfRun } from './beside.ts'
import { placeOf } from './place.ts'
import type { Beside, Judged, RecoverMongoParams, RecoverMongoPlan } from './types.ts'

type Run_ = Run<RecoverMongoParams, RecoverMongoPlan>
type Good = Extract<Judged, { kind: 'good' }>

export type Restored = Refused | { readonly kind: 'restored'; readonly beside: Beside; readonly seconds: number }

const reportMs = 1_000
/** A restore that makes no more than 0.2 MB a second is one that hangs. */
const slowestBytesPerMs = 200
const leastLimitMs = 10 * 60_000

/**
 * Collections beside those in use, filled from the backup. Safe to repeat: what an earlier attempt of this run left is dropped
 * first, until nobody writes into it any more.
 */
export async function restoreBeside(run: Run_, judged: Good, signal: AbortSignal, report: Report): Promise<Restored> {
  const { services, plan } = run
  const { url } = await placeOf(services, plan.database)
  const beside = besideOfRun(run)
  const found = await findMongoTools(services.mongoTools)
  if (found.kind !== 'found') return refused('tool_missing', { says: 'mongorestore' })
  const opened = await openBackup(services, plan, signal).catch(unreadable)
  if (opened.kind === 'refused') return opened
  const scratch = await makeScratch(services.scratch)
  try {
    if (opened.point.identity !== judged.identity) return refused('backup_changed')
    await makeEmpty(url, beside, judged, signal)
    const feeds = await feedsOf(opened, judged, beside)
    const end = await withToolSettings(scratch, url, (settings) =>
      restoreInto({
        programs: found.tools.folder,
        settings,
        feeds,
        timeLimitMs: Math.round(leastLimitMs + judged.contents.dataBytes / slowestBytesPerMs),
        signal,
        onProgress: sometimes(report, feeds),
      }),
    )
    if (end.kind === 'failed') return refused('restore_failed', { says: end.why })
    if (end.kind !== 'done') return refused(end.kind === 'stopped' ? 'cancelled' : 'restore_timed_out')
    if (!(await opened.unchanged())) return refused('backup_changed')
    return { kind: 'restored', beside, seconds: end.seconds }
  } finally {
    await opened.close()
    await rm(scratch, { recursive: true, force: true })
  }
}

const refused = (reason: string, detail: Record<string, unknown> = {}): Refused => ({ kind: 'refused', reason, detail })

/** With the options of the backup, before the first document: capped, collation and the like cannot be given later. */
async function makeEmpty(url: string, beside: Beside, { contents }: Good, signal: AbortSignal): Promise<void> {
  await withMongo(url, { signal }, async (connected) => {
    const there = at(connected, beside)
    await dropBeside(there, beside.prefix)
    for (const { name, options } of contents.collections) await createBeside(there, `${beside.prefix}${name}`, options)
  })
}

/** An archive goes through one mongorestore; a folder's files through one each, since only files can be named one by one. */
async function feedsOf(
  opened: OpenedPoint<MongoKind>,
  { contents }: Good,
  { database, prefix }: Beside,
): Promise<readonly Feed[]> {
  if (opened.kind === 'mongo-directory')
    return Promise.all(
      contents.collections.flatMap(({ name, file, documents }) =>
        file === undefined ? [] : [fileFeed(join(opened.path, file), documents, database, `${prefix}${name}`)],
      ),
    )
  const { size } = await stat(opened.path)
  const collections = contents.collections.map(({ name }) => name)
  return [
    {
      bytes: size,
      documents: contents.documents,
      open: () => createReadStream(opened.path, { highWaterMark: 1024 * 1024 }),
      target: { kind: 'archive', database: contents.database, collections, into: database, prefix },
    },
  ]
}

async function fileFeed(path: string, documents: number, database: string, collection: string): Promise<Feed> {
  const { size } = await stat(path)
  return {
    bytes: size,
    documents,
    open: () => {
      const stored = createReadStream(path, { highWaterMark: 1024 * 1024 })
      return path.endsWith('.gz') ? compose(stored, createGunzip()) : stored
    },
    target: { kind: 'collection', database, collection },
  }
}

/** An error of the file is one of what is read. */
function compose(stored: Readable, unpacked: Duplex): Readable {
  stored.once('error', (error) => unpacked.destroy(error))
  return stored.pipe(unpacked)
}

function sometimes(report: Report, feeds: readonly Feed[]) {
  const of = feeds.reduce((sum, { bytes }) => sum + bytes, 0)
  let told = 0
  return (progress: { readonly percent: number; readonly bytes: number }): void => {
    if (Date.now() - told < reportMs) return
    told = Date.now()
    void report({ ...progress, of }).catch(() => undefined)
  }
}
