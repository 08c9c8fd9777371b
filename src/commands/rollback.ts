import { openEmergencyForm } from '../interactions/emergency.ts'
import { openRollbackModal } from '../interactions/rollback-modal.ts'
import { startRun } from '../operations/start.ts'
import { noticeOfStart } from '../surface/notices.ts'
import { originOf } from '../surface/origin.ts'
import { colorsOf, colorWords, wayBack, withNames } from '../surface/way-back.ts'
import { helpCard } from '../texts/cards/help.ts'
import { noticeCard } from '../texts/cards/notice.ts'
import { parseRollback } from './parse-rollback.ts'
import type { Command } from './types.ts'

/** `/rollback [app] [to N|COLOR] [emergency] [reason TEXT]` */
export const rollbackCommand: Command = {
  name: '/rollback',
  async handle({ surface, asker, text, channel, triggerId, key, reply }) {
    const { catalog } = surface.desk.services
    const asked = parseRollback(text, colorWords(catalog))
    if (asked.kind === 'help') return reply(helpCard('/rollback', asker.look))
    if (asked.kind === 'bad_input')
      return reply(noticeCard({ ...withNames(asked, catalog), command: '/rollback' }, asker.look))
    if (asked.kind === 'ask') return openRollbackModal(surface, asker, { ...asked, channel, triggerId, reply })
    if (asked.kind === 'ask_emergency' && colorsOf(catalog, asked.app) === undefined)
      return openEmergencyForm(surface, asker, { ...asked, channel, triggerId, reply })
    const way = wayBack(catalog, { ...asked, app: asked.app ?? '' })
    if (way.kind === 'bad_input') return reply(noticeCard({ ...way, command: '/rollback' }, asker.look))
    const started = await startRun(
      surface.desk,
      {
        operation: way.operation,
        params: way.params,
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
