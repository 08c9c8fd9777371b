import { listAudit, verifyAudit } from '../store/audit.ts'
import type { AuditEntry } from '../store/types.ts'
import { auditDetail, wordFor } from '../texts/cards/audit-detail.ts'
import { textIn } from '../texts/data.ts'
import { inLanguage } from '../texts/language.ts'
import { rescueWords } from '../texts/words/rescue.ts'
import { type Ending, exitCodes } from './exit.ts'
import { say } from './notices.ts'
import { runIdOf } from './run-id.ts'
import type { Io } from './screen/io.ts'
import { table } from './screen/table.ts'
import { momentOf } from './screen/times.ts'
import { withLook } from './session.ts'
import type { Session } from './types.ts'

const most = 200

/** The last entries, of everything or of one run; `audit verify` ends with 1 when the chain is broken. */
export async function showAudit(io: Io, what: string | undefined): Promise<Ending> {
  return withLook(io, async (session) => {
    if (what === 'verify') return verified(session)
    const { db } = session.services
    const runId = what === undefined ? undefined : runIdOf(session, what)
    const entries = await listAudit(db, { limit: most, ...(runId === undefined ? {} : { runId }) })
    const told = inLanguage(rescueWords, session)
    const head = session.words.heads.audit.map((cell) => io.out.paint('dim', cell))
    const rows = entries.toReversed().map((entry) => rowOf(session, entry))
    return {
      code: exitCodes.ok,
      text: rows.length === 0 ? told.noAudit : table(head, rows, io.out.columns()),
      answer: { entries },
    }
  })
}

function rowOf(session: Session, entry: AuditEntry): readonly string[] {
  const told = inLanguage(rescueWords, session)
  const decided = entry.kind === 'decision' ? wordFor(told.auditDecisions, textIn(entry.data, 'decision')) : undefined
  const kind = decided ?? wordFor(told.auditKinds, entry.kind) ?? entry.kind
  const detail = auditDetail(entry, session.look())
  const what = [kind, detail === undefined ? '' : say(session, detail, session.io.out)].filter((part) => part !== '')
  return [String(entry.seq), momentOf(entry.at), entry.runId ?? '', entry.actor.name, what.join(': ')]
}

async function verified(session: Session): Promise<Ending> {
  const told = inLanguage(rescueWords, session)
  const verdict = await verifyAudit(session.services.db)
  if (verdict.kind === 'intact') return { code: exitCodes.ok, text: told.intact(verdict.entries), answer: verdict }
  const kind = told.brokenKinds[verdict.what === 'head_changed' ? 'changed' : verdict.what]
  return { code: exitCodes.failed, text: told.broken(String(verdict.seq), kind), answer: verdict }
}
