import { openRecoverModal } from '../interactions/recover-modal.ts'
import { startRun } from '../operations/start.ts'
import { noticeOfStart } from '../surface/notices.ts'
import { originOf } from '../surface/origin.ts'
import { helpCard } from '../texts/cards/help.ts'
import { noticeCard } from '../texts/cards/notice.ts'
import { parseRecover } from './parse-recover.ts'
import type { Command } from './types.ts'

/** `/recover db [NAME] [from POINT|latest] [copy] [scale|keep] [reason TEXT]` */
export const recoverCommand: Command = {
  name: '/recover',
  async handle({ surface, asker, text, channel, triggerId, key, reply }) {
    const asked = parseRecover(text)
    if (asked.kind === 'help') return reply(helpCard('/recover', asker.look))
    if (asked.kind === 'bad_input') return reply(noticeCard({ ...asked, command: '/recover' }, asker.look))
    if (asked.kind === 'ask') return openRecoverModal(surface, asker, { ...asked, channel, triggerId, reply })
    const { database, point, copy, apps, reason } = asked
    const started = await startRun(
      surface.desk,
      {
        operation: 'recover-postgres',
        params: {
          database,
          ...(point === undefined ? {} : { point }),
          ...(copy ? { copy } : {}),
          ...(apps === undefined ? {} : { apps }),
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
