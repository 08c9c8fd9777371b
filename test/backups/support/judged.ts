import type { BackupDeps } from '../../../src/backups/deps.ts'
import { BadBackup, NotJudged } from '../../../src/backups/fault.ts'
import { gate } from '../../../src/backups/gate.ts'
import { findRestorePoint } from '../../../src/backups/list.ts'
import { openPoint } from '../../../src/backups/open.ts'
import type { LiveFacts, Verdict } from '../../../src/backups/types.ts'
import { type Backups, entryOf } from './world.ts'

/** The whole way of a restore point: found, opened, judged, closed. */
export async function judge(
  folder: string,
  name: string,
  deps: BackupDeps,
  live: LiveFacts,
  more: Partial<Backups> & { readonly limitMs?: number } = {},
): Promise<Verdict> {
  const { limitMs, ...backups } = more
  const entry = entryOf({ here: { kind: 'folder', path: folder } }, backups)
  const point = await findRestorePoint(`here/${name}`, entry, deps, live.database)
  if (point === undefined) return { kind: 'bad', reason: 'foreign', detail: 'not in the list' }
  try {
    const opened = await openPoint(point, entry, deps)
    try {
      return await gate(opened, entry.backups, live, deps, limitMs === undefined ? {} : { limitMs })
    } finally {
      await opened.close()
    }
  } catch (error) {
    if (error instanceof BadBackup) return { kind: 'bad', reason: error.reason, detail: error.message }
    if (error instanceof NotJudged) return { kind: 'unknown', reason: error.reason, detail: error.message }
    throw error
  }
}

/** `good`, or the reason word. */
export function wordOf(verdict: Verdict): string {
  if (verdict.kind === 'good') return 'good'
  return verdict.kind === 'blocked' ? verdict.blocks.map(({ reason }) => reason).join(' ') : verdict.reason
}
