import { setMode } from '../operations/automatic-mode.ts'
import { mayLook } from '../operations/look.ts'
import { stopRun } from '../operations/stop.ts'
import { undoRun } from '../operations/undo.ts'
import { automaticOf, cardOfModeSet } from '../surface/automatic.ts'
import { auditOf, locksOf, policyOf, reviewsOf, runDetailOf, runsOf } from '../surface/lookups.ts'
import { noticeOfStart, noticeOfStop } from '../surface/notices.ts'
import { originOf } from '../surface/origin.ts'
import { helpCard } from '../texts/cards/help.ts'
import { noticeCard } from '../texts/cards/notice.ts'
import { parseRescue } from './parse-rescue.ts'
import type { Command } from './types.ts'

/** `/rescue [help|runs|run R-0042|stop R-0042|undo R-0042|audit|locks|policy|reviews]` */
export const rescueCommand: Command = {
  name: '/rescue',
  async handle({ surface, asker, text, channel, key, reply }) {
    const { desk } = surface
    const asked = parseRescue(text)
    if (asked.kind === 'help') return reply(helpCard('/rescue', asker.look))
    if (asked.kind === 'bad_input') return reply(noticeCard({ ...asked, command: '/rescue' }, asker.look))
    const denied = mayLook(desk.services.catalog, asker.person)
    if (denied !== undefined) return reply(noticeCard({ kind: 'denied', ability: 'look', ...denied }, asker.look))
    switch (asked.kind) {
      case 'runs':
        return reply(await runsOf(desk, asker.look))
      case 'run':
        return reply(
          (await runDetailOf(desk, asked.run, asker.look)) ??
            noticeCard({ kind: 'unknown_run', run: asked.run }, asker.look),
        )
      case 'locks':
        return reply(await locksOf(desk, asker.look))
      case 'reviews':
        return reply(await reviewsOf(desk, asker.look))
      case 'policy':
        return reply(policyOf(desk, asker.look))
      case 'audit':
        return reply(await auditOf(desk, asked, asker.look))
      case 'automatic': {
        if (asked.wish === undefined) return reply(await automaticOf(desk, asked.app, asker.look))
        const set = await setMode(desk.services, { app: asked.app, ...asked.wish }, asker.person, asker.actor)
        return reply(await cardOfModeSet(desk, set, asker.look))
      }
      case 'stop': {
        const stopped = await stopRun(desk, asked.run, asker.person, asker.actor)
        return reply(noticeCard(noticeOfStop(stopped, asked.run), asker.look))
      }
      case 'undo': {
        const request = { run: asked.run, actor: asker.actor, origin: originOf(surface, channel), idempotencyKey: key }
        const notice = noticeOfStart(await undoRun(desk, request, asker.person), asked.run)
        if (notice !== undefined) await reply(noticeCard(notice, asker.look))
      }
    }
  },
}
