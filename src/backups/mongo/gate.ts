import type { BackupsEntry } from '../../catalog/schema.ts'
import { compareHashes, expectedHashes, type GateOptions, withinLimit } from '../checked.ts'
import type { BackupDeps, MongoKind, OpenedPoint } from '../deps.ts'
import { BadBackup } from '../fault.ts'
import { preflightMongo, warningsOf } from './preflight.ts'
import { type MongoReading, readMongo } from './read.ts'
import type { MongoLiveFacts, MongoVerdict } from './types.ts'

export type MongoGateOptions = GateOptions & {
  /** Told now and then how many bytes of the opened file or folder were read. */
  onProgress?(bytes: number): void
}

/**
 * Judges an opened point whole, touching no server: structure, names, every document, sums, checksum, and what the live
 * server must have. Expected findings are verdicts; only the unexpected is thrown.
 */
export async function gateMongo(
  opened: OpenedPoint<MongoKind>,
  backups: BackupsEntry,
  live: MongoLiveFacts,
  deps: BackupDeps,
  options: MongoGateOptions = {},
): Promise<MongoVerdict> {
  const started = Date.now()
  return withinLimit<MongoVerdict>(opened, deps, options, async ({ signal }) => {
    const sidecar = await expectedHashes(opened, backups, deps)
    let read = 0
    const reading = await readMongo(opened, {
      live,
      backups,
      signal,
      onBytes(bytes) {
        read += bytes
        options.onProgress?.(read)
      },
    })
    compareHashes(opened, sidecar, reading.sha256, reading.members)
    if (!(await opened.unchanged())) throw new BadBackup('changed_while_read', 'it changed while it was read')
    const { contents, notes, sha256 } = reading
    const protectedBy = protectionOf(opened, reading, sidecar !== undefined)
    if (!protectedBy.sidecar && !protectedBy.data && notes.oddTexts.length > 0)
      throw new BadBackup(
        'damaged',
        `text that is not UTF-8 in ${notes.oddTexts[0]}, and nothing else says that it is right`,
      )
    const blocks = preflightMongo(contents, live)
    if (blocks.length > 0) return { kind: 'blocked', blocks, contents, sha256 }
    return {
      kind: 'good',
      contents,
      sha256,
      sidecar: sidecar === undefined ? 'absent' : 'matches',
      warnings: warningsOf(contents, notes, live, protectedBy),
      tookMs: Date.now() - started,
    }
  })
}

/** Documents in an archive have a CRC; what it says of them before has none, unless all of it is wrapped. */
function protectionOf({ kind, point }: OpenedPoint<MongoKind>, { contents }: MongoReading, sidecar: boolean) {
  if (kind === 'mongo-directory') return { sidecar, data: contents.gzip, metadata: contents.gzip }
  return { sidecar, data: true, metadata: point.sums }
}
