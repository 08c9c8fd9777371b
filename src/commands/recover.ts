import { openRecoverModal } from '../interactions/recover-modal.ts'
import { startRun } from '../operations/start.ts'
import { noticeOfStart } from '../surface/notices.ts'
import { originOf } from '../surface/origin.ts'
import { recoverRequest } from '../surface/recover-request.ts'
import { helpCard } from '../texts/cards/help.ts'
import { noticeCard } from '../texts/cards/notice.ts'
import { parseRecover } from './parse-recover.ts'
import type { Command } from './types.ts'

/** `/recover db|mongo [NAME] [from POINT|latest] [copy] [scale|keep] … [reason TEXT]` */
export const recoverCommand: Command = {
  name: '/recover',
  async handle({ surface, asker, text, channel, triggerId, key, reply }) {
    const asked = parseRecover(text)
    if (asked.kind === 'help') return reply(helpCard('/recover', asker.look))
    if (asked.kind === 'bad_input') return reply(noticeCard({ ...asked, command: '/recover' }, asker.look))
    if (asked.kind === 'ask') return openRecoverModal(surface, asker, { ...asked, channel, triggerId, reply })
    const request = recoverRequest(surface.desk.services.catalog, asked.database, asked.wishes, asked.only)
    if (request.kind !== 'request') return reply(noticeCard(inCommand(request), asker.look))
    const { operation, params } = request
    const started = await startRun(
      surface.desk,
      { operation, params, actor: asker.actor, origin: originOf(surface, channel), idempotencyKey: key },
      asker.person,
    )
    const notice = noticeOfStart(started)
    if (notice !== undefined) await reply(noticeCard(notice, asker.look))
  },
}

const inCommand = <T extends { readonly kind: string }>(fault: T) =>
  fault.kind === 'bad_input' ? { ...fault, command: '/recover' } : fault
