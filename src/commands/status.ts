import { mayLook } from '../operations/look.ts'
import { readStatus } from '../status/read.ts'
import { readStatusQuery } from '../surface/status-query.ts'
import { asksForHelp, words } from '../surface/words.ts'
import { helpCard } from '../texts/cards/help.ts'
import { noticeCard } from '../texts/cards/notice.ts'
import { statusCard } from '../texts/cards/status.ts'
import { statusDetailCard } from '../texts/cards/status-detail.ts'
import type { Command } from './types.ts'

/** `/status [app|db|node|monitoring|NAME]` */
export const statusCommand: Command = {
  name: '/status',
  async handle({ surface, asker, text, reply }) {
    if (asksForHelp(text)) return reply(helpCard('/status', asker.look))
    const denied = mayLook(surface.desk.services.catalog, asker.person)
    if (denied !== undefined) return reply(noticeCard({ kind: 'denied', ability: 'look', ...denied }, asker.look))
    const asked = readStatusQuery(words(text), surface.desk.services.catalog)
    if (asked.kind === 'unknown_name') return reply(noticeCard(asked, asker.look))
    const status = await readStatus(surface.desk.services, asked.query)
    const only = status.components[0]
    if (asked.query.name !== undefined && only !== undefined) return reply(statusDetailCard(only, status, asker.look))
    return reply(statusCard(status, asker.look))
  },
}
