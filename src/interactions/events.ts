import type { App } from '@slack/bolt'
import type { Surface } from '../surface/types.ts'
import { helpCard } from '../texts/cards/help.ts'
import { publishHome } from './home.ts'
import { keepInTimeline, pinReaction } from './pinned.ts'

/** Slack's events: the home tab, a mention (answered with help), 📌 in an incident, a changed profile. */
export function registerEvents(app: App, surface: Surface, refresh: (userId: string) => Promise<void>): void {
  app.event('app_home_opened', async ({ event }) => {
    if (event.tab === 'home') await publishHome(surface, await surface.askers.find(event.user))
  })
  app.event('app_mention', async ({ event }) => {
    if (event.user === undefined) return
    const asker = await surface.askers.find(event.user)
    const card = helpCard('/rescue', asker.look)
    await surface.web.chat.postEphemeral({
      channel: event.channel,
      user: event.user,
      text: card.text,
      blocks: card.blocks,
    })
  })
  app.event('reaction_added', async ({ event }) => {
    if (event.reaction !== pinReaction || event.item.type !== 'message') return
    await keepInTimeline(surface, await surface.askers.find(event.user), event.item)
  })
  app.event('user_change', async ({ event }) => refresh(event.user.id))
}
