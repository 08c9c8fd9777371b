import { rm, stat } from 'node:fs/promises'
import type { OpenedPoint } from '../../backups/deps.ts'
import { identityOf } from '../../backups/files.ts'
import { gate } from '../../backups/gate.ts'
import { type SafetyDumped, type SafetyJudged, type SafetyTaken, takeSafetyBackup } from '../../backups/safety.ts'
import { makeScratch } from '../../backups/scratch.ts'
import { dumpDatabase } from '../../services/postgres/dump.ts'
import { findTools } from '../../services/postgres/tools.ts'
import { rememberBackupVerdict } from '../../store/backup-verdicts.ts'
import { databaseOf } from '../restoring/catalog.ts'
import { depsOf } from '../restoring/points.ts'
import type { Report, Run } from '../types.ts'
import { liveFactsOf } from './backup.ts'
import { placeOf } from './place.ts'
import type { RecoverParams, RecoverPlan } from './types.ts'

type Run_ = Run<RecoverParams, RecoverPlan>

/** A packed dump without indexes is far smaller than its database; what it really takes is watched while it is written. */
const expectedShare = 0.3
/** A dump that writes no more than 0.5 MB a second is one that hangs. */
const slowestBytesPerMs = 500
const leastLimitMs = 10 * 60_000

/** Whether this plan replaces something that can be dumped, and the catalog says where to. */
export function wantsSafety({ kind, live, safetyPlace }: RecoverPlan): boolean {
  return kind !== 'copy' && live.kind !== 'gone' && safetyPlace !== undefined
}

/**
 * The live database as a verified restore point, before anything can replace it. What keeps it from being made is told to those
 * who decide; it never stops them: a damaged database is a reason to restore.
 */
export async function safetyBackup(run: Run_, signal: AbortSignal, report: Report): Promise<SafetyTaken> {
  const { services, plan } = run
  const { entry } = await placeOf(services, plan.database)
  const { live } = plan
  if (live.kind !== 'there')
    return { kind: 'failed', reason: 'dump_failed', why: live.kind === 'gone' ? 'it does not exist' : live.why }
  const deps = depsOf(services, plan.database, signal)
  return takeSafetyBackup({
    place: plan.safetyPlace ?? '',
    entry,
    deps,
    run: run.id,
    database: plan.database,
    form: 'dump',
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
  const { serverVersion } = await liveFactsOf(services, plan)
  const tools = await findTools(Math.floor(serverVersion / 10_000), services.postgresTools)
  if (tools === undefined) return { kind: 'failed', reason: 'tool_missing', why: 'pg_dump is not installed' }
  const scratch = await makeScratch(services.scratch)
  try {
    const end = await dumpDatabase({
      programs: tools.folder,
      url,
      database: name,
      path,
      timeZone: depsOf(services, plan.database).timeZone ?? 'UTC',
      scratch,
      limitMs: Math.round(leastLimitMs + bytes / slowestBytesPerMs),
      signal,
    })
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
  const now = new Date().toISOString()
  const opened: OpenedPoint = {
    point: {
      id: `${backups.safety}/${name}`,
      place: backups.safety,
      name,
      kind: 'pg-custom',
      wrapping: 'none',
      sums: true,
      sizeBytes: stats.size,
      modifiedAt: now,
      dataAt: now,
      identity,
    },
    kind: 'pg-custom',
    path,
    sha256: undefined,
    unchanged: async () => (await identityOf(path)) === identity,
    close: async () => undefined,
  }
  const live = await liveFactsOf(services, plan)
  // Its checksum is written once it is known to be good.
  const verdict = await gate(
    opened,
    { ...backups, checksum: 'optional' },
    live,
    depsOf(services, plan.database, signal),
  )
  if (verdict.kind === 'good' || verdict.kind === 'blocked') return { kind: 'good', sha256: verdict.sha256 }
  return { kind: 'bad', why: `${verdict.reason}: ${verdict.detail}` }
}
