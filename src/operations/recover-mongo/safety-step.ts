import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { MongoKind, OpenedPoint } from '../../backups/deps.ts'
import { identityOf } from '../../backups/files.ts'
import { gateMongo } from '../../backups/mongo/gate.ts'
import { type SafetyDumped, type SafetyJudged, type SafetyTaken, takeSafetyBackup } from '../../backups/safety.ts'
import { makeScratch } from '../../backups/scratch.ts'
import { withMongo } from '../../services/mongodb/client.ts'
import { dumpDatabase } from '../../services/mongodb/dump.ts'
import { ownName } from '../../services/mongodb/names.ts'
import { listAll } from '../../services/mongodb/server.ts'
import { withToolSettings } from '../../services/mongodb/tool-settings.ts'
import { findMongoTools } from '../../services/mongodb/tools.ts'
import { rememberBackupVerdict } from '../../store/backup-verdicts.ts'
import { databaseOf } from '../restoring/catalog.ts'
import { depsOf } from '../restoring/points.ts'
import type { Report, Run } from '../types.ts'
import { liveFactsOf } from './backup.ts'
import { placeOf } from './place.ts'
import type { RecoverMongoParams, RecoverMongoPlan } from './types.ts'

type Run_ = Run<RecoverMongoParams, RecoverMongoPlan>

/** A packed dump is far smaller than its database; what it really takes is watched while it is written. */
const expectedShare = 0.4
/** A dump that writes no more than 0.2 MB a second is one that hangs. */
const slowestBytesPerMs = 200
const leastLimitMs = 10 * 60_000

/**
 * What is in use as a verified restore point, before anything can replace it. What keeps it from being made is told to those
 * who decide; it never stops them: a damaged database is a reason to restore.
 */
export async function safetyBackup(run: Run_, signal: AbortSignal, report: Report): Promise<SafetyTaken> {
  const { services, plan } = run
  const { entry } = await placeOf(services, plan.database)
  const { live } = plan
  if (live.kind !== 'there')
    return { kind: 'failed', reason: 'dump_failed', why: live.kind === 'empty' ? 'it holds no collection' : live.why }
  return takeSafetyBackup({
    place: entry.backups?.safety ?? '',
    entry,
    deps: depsOf(services, plan.database, signal),
    run: run.id,
    database: plan.database,
    form: 'archive.gz',
    since: new Date(plan.readAt),
    expectedBytes: Math.ceil(live.bytes * expectedShare),
    dump: (path, cut) => dump(run, path, live.bytes, cut),
    judge: (path, name) => judge(run, path, name, signal),
    remember: (point, sha256) => rememberBackupVerdict(services.db, point, { good: true, sha256 }),
    onProgress: (bytes) => void report({ written: bytes }).catch(() => undefined),
  })
}

async function dump({ services, plan }: Run_, path: string, bytes: number, signal: AbortSignal): Promise<SafetyDumped> {
  const { url, name } = await placeOf(services, plan.database)
  const found = await findMongoTools(services.mongoTools)
  if (found.kind !== 'found') return { kind: 'failed', reason: 'tool_missing', why: 'mongodump is not installed' }
  const all = await withMongo(url, {}, listAll)
  const beside = all.filter((each) => ownName(each.name) !== undefined)
  const scratch = await makeScratch(services.scratch)
  try {
    const end = await withToolSettings(scratch, url, (settings) =>
      dumpDatabase({
        programs: found.tools.folder,
        settings,
        database: name,
        leaveOut: [...new Set(beside.map((each) => /^__[a-z]+\d+__/.exec(each.name)?.[0] ?? each.name))],
        path,
        limitMs: Math.round(leastLimitMs + bytes / slowestBytesPerMs),
        signal,
      }),
    )
    if (end.kind === 'done') return { kind: 'dumped' }
    if (end.kind === 'failed') return { kind: 'failed', reason: 'dump_failed', why: end.why }
    return { kind: 'failed', reason: 'dump_timed_out', why: end.kind }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** The same gate that judges every backup: what it says of the server does not matter here, only what it says of the bytes. */
async function judge({ services, plan }: Run_, path: string, name: string, signal: AbortSignal): Promise<SafetyJudged> {
  const { backups } = databaseOf(services.catalog, plan.database)
  const [identity, stats] = [await identityOf(path), await stat(path).catch(() => undefined)]
  if (backups?.safety === undefined || identity === undefined || stats === undefined)
    return { kind: 'bad', why: 'it is gone' }
  const scratch = await makeScratch(services.scratch)
  try {
    const unpacked = join(scratch, 'archive')
    const sha256 = await unpack(path, unpacked, signal)
    const now = new Date().toISOString()
    const { safety } = backups
    const opened: OpenedPoint<MongoKind> = {
      point: {
        id: `${safety}/${name}`,
        place: safety,
        name,
        kind: 'mongo-archive',
        wrapping: 'gzip',
        sums: true,
        sizeBytes: stats.size,
        modifiedAt: now,
        dataAt: now,
        identity,
      },
      kind: 'mongo-archive',
      path: unpacked,
      sha256,
      unchanged: async () => (await identityOf(path)) === identity,
      close: async () => undefined,
    }
    const [live, deps] = [await liveFactsOf(services, plan.database), depsOf(services, plan.database, signal)]
    // Its checksum is written once it is known to be good.
    const verdict = await gateMongo(opened, { ...backups, checksum: 'optional' }, live, deps)
    if (verdict.kind === 'good' || verdict.kind === 'blocked') return { kind: 'good', sha256 }
    return { kind: 'bad', why: `${verdict.reason}: ${verdict.detail}` }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** @returns SHA-256 of the packed bytes, hex */
async function unpack(from: string, to: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  const sink = createWriteStream(to, { flags: 'wx', mode: 0o600 })
  await pipeline(createReadStream(from), hashing, createGunzip(), sink, { signal })
  return hash.digest('hex')
}
