import { openRollbackModal } from '../interactions/rollback-modal.ts'
import { startRun } from '../operations/start.ts'
import { noticeOfStart } from '../surface/notices.ts'
import { originOf } from '../surface/origin.ts'
import { helpCard } from '../texts/cards/help.ts'
import { noticeCard } from '../texts/cards/notice.ts'
import { parseRollback } from './parse-rollback.ts'
import type { Command } from './types.ts'

/** `/rollback [app] [to N] [emergency] [reason TEXT]` */
export const rollbackCommand: Command = {
  name: '/rollback',
  async handle({ surface, asker, text, channel, triggerId, key, reply }) {
    const asked = parseRollback(text)
    if (asked.kind === 'help') return reply(helpCard('/rollback', asker.look))
    if (asked.kind === 'bad_input')
      return reply(noticeCard({ ...withApps(asked, surface), command: '/rollback' }, asker.look))
    if (asked.kind === 'ask') return openRollbackModal(surface, asker, { ...asked, channel, triggerId, reply })
    const { app, toRevision, emergency, reason } = asked
    const started = await startRun(
      surface.desk,
      {
        operation: 'rollback',
        params: {
          app,
          ...(toRevision === undefined ? {} : { toRevision }),
          ...(emergency ? { emergency } : {}),
          ...(reason === undefined ? {} : { reason }),
        },
        actor: asker.actor,
        origin: originOf(surface, channel),
        idempotencyKey: key,
      },
      asker.person,
    )
    const notice = noticeOfStart(started)
    if (notice !== undefined) await reply(noticeCard(notice, asker.look))
  },
}

/** An app that was left out is answered with the apps there are. */
function withApps<T extends { readonly field: string; readonly allowed: readonly string[] }>(
  asked: T,
  surface: Parameters<Command['handle']>[0]['surface'],
): T {
  if (asked.field !== 'app') return asked
  return { ...asked, allowed: Object.keys(surface.desk.services.catalog.apps) }
}
