import { cancel, confirm } from '../operations/decide.ts'
import { noticeOfDecision } from '../surface/notices.ts'
import { readRunId } from '../surface/run-id.ts'
import { readDecision } from '../texts/actions.ts'
import { noticeCard } from '../texts/cards/notice.ts'
import type { ButtonHandler } from './types.ts'

/** "Roll back to 41": bound to the plan that stood on the card. */
export const confirmButton: ButtonHandler = async ({ surface, asker, value, reply }) => {
  const seen = readDecision(value)
  if (seen === undefined) return reply(noticeCard({ kind: 'old_click' }, asker.look))
  const decided = await confirm(surface.desk, {
    run: seen.run,
    planHash: seen.plan,
    person: asker.person,
    actor: asker.actor,
    stays: true,
  })
  // The card itself turns into the outcome line: a private message only where the person would see nothing.
  if (decided.kind !== 'confirmed') await reply(noticeCard(noticeOfDecision(decided, seen.run), asker.look))
}

export const cancelButton: ButtonHandler = async ({ surface, asker, value, reply }) => {
  const run = readRunId(value ?? '')
  if (run === undefined) return reply(noticeCard({ kind: 'old_click' }, asker.look))
  const decided = await cancel(surface.desk, { run, person: asker.person, actor: asker.actor })
  if (decided.kind !== 'cancelled') await reply(noticeCard(noticeOfDecision(decided, run), asker.look))
}
