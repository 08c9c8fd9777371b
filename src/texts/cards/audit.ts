import type { AuditEntry } from '../../store/types.ts'
import { moment } from '../amounts.ts'
import { type Card, card, context, section } from '../blocks.ts'
import { textIn } from '../data.ts'
import { bold, code, join, lines, type Mrkdwn, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { fitMessage } from '../limits.ts'
import { actorOf } from '../people.ts'
import type { AuditView } from '../views.ts'
import { commonWords } from '../words/common.ts'
import { rescueWords } from '../words/rescue.ts'
import { auditDetail, wordFor } from './audit-detail.ts'

const perBlock = 10

/** Who did what, newest first; or the answer of a verification. */
export function auditCard(view: AuditView, look: Look): Card {
  const words = inLanguage(rescueWords, look)
  if (view.verified !== undefined) return verifiedCard(view.verified, look)
  const head = bold(view.run === undefined ? words.audit : words.auditOf(view.run))
  if (view.entries.length === 0) return card(head, [section(lines([head, mrkdwn`${words.noAudit}`]))])
  const told = view.entries.map((entry) => line(entry, look))
  const chunks = Array.from({ length: Math.ceil(told.length / perBlock) }, (_, index) =>
    told.slice(index * perBlock, (index + 1) * perBlock),
  )
  const { blocks } = fitMessage(
    { head: [section(head)], body: chunks.map((chunk) => section(lines(chunk))), tail: [] },
    (n) => context(mrkdwn`${inLanguage(commonWords, look).more(n * perBlock)}`),
  )
  return card(head, blocks)
}

function verifiedCard(verified: NonNullable<AuditView['verified']>, look: Look): Card {
  const words = inLanguage(rescueWords, look)
  const kind = Object.entries(words.brokenKinds).find(([key]) => key === verified.what)?.[1] ?? verified.what ?? ''
  const text = bold(verified.ok ? words.intact(verified.entries) : words.broken(String(verified.seq ?? '?'), kind))
  return card(text, [section(text)])
}

function line(entry: AuditEntry, look: Look): Mrkdwn {
  const words = inLanguage(rescueWords, look)
  const decided = entry.kind === 'decision' ? wordFor(words.auditDecisions, textIn(entry.data, 'decision')) : undefined
  const kind = decided ?? wordFor(words.auditKinds, entry.kind) ?? entry.kind
  return join(
    [
      mrkdwn`${String(entry.seq)}`,
      moment(entry.at, look),
      mrkdwn`${actorOf(entry.actor, look)} ${kind}`,
      entry.runId === undefined ? undefined : code(entry.runId),
      auditDetail(entry, look),
    ],
    ' · ',
  )
}
