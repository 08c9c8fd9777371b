import { BadBackup, NotJudged } from '../../backups/fault.ts'
import { lastingReasons, type RestorePoint, type Verdict } from '../../backups/types.ts'
import { rememberBackupVerdict } from '../../store/backup-verdicts.ts'
import type { Services } from '../services.ts'

export type Refused = { readonly kind: 'refused'; readonly reason: string; readonly detail: Record<string, unknown> }
type AnyVerdict = Verdict<unknown, unknown>

/** For the next list: what lies in the bytes, or in them and their sidecar; not what the catalog or the server say to them. */
export async function remember({ db }: Services, point: RestorePoint, verdict: AnyVerdict): Promise<void> {
  if (verdict.kind === 'good') await rememberBackupVerdict(db, point, { good: true, sha256: verdict.sha256 })
  if (verdict.kind !== 'bad') return
  const found = { good: false, reason: verdict.reason } as const
  if (lastingReasons.has(verdict.reason)) await rememberBackupVerdict(db, point, found)
  if (verdict.reason === 'checksum_mismatch' && point.sha256 !== undefined)
    await rememberBackupVerdict(db, point, found, point.sha256)
}

/** What is not good, as the end of a run. */
export function refusal(verdict: Exclude<AnyVerdict, { kind: 'good' }>, point: RestorePoint): Refused {
  switch (verdict.kind) {
    case 'bad':
      return bad(verdict.reason, verdict.detail)
    case 'blocked':
      return { kind: 'refused', reason: 'blocked', detail: { point: point.id, blocks: verdict.blocks } }
    case 'unknown':
      return notJudged(verdict.reason, verdict.detail)
  }
}

/** What opening or reading a backup threw, as a reason. @throws what says nothing of the backup */
export function unreadable(error: unknown): Refused {
  if (error instanceof BadBackup) return bad(error.reason, error.message)
  if (error instanceof NotJudged && error.reason === 'stopped')
    return { kind: 'refused', reason: 'cancelled', detail: {} }
  if (error instanceof NotJudged) return notJudged(error.reason, error.message)
  throw error
}

const bad = (why: string, says: string): Refused => ({ kind: 'refused', reason: 'bad_backup', detail: { why, says } })

export const notJudged = (why: string, says: string): Refused => ({
  kind: 'refused',
  reason: 'not_judged',
  detail: { why, says },
})
