import type { HomeView } from '@slack/types'
import { mayLook } from '../operations/look.ts'
import { readStatus } from '../status/read.ts'
import { openReviews } from '../store/reviews.ts'
import { listRuns } from '../store/runs.ts'
import { reviewsOf } from '../surface/lookups.ts'
import type { Asker, Surface } from '../surface/types.ts'
import { divider } from '../texts/blocks.ts'
import { helpCard } from '../texts/cards/help.ts'
import { noticeCard } from '../texts/cards/notice.ts'
import { runsCard } from '../texts/cards/runs.ts'
import { statusCard } from '../texts/cards/status.ts'

const mostBlocks = 100

/** The bot's own tab: how everything is, the last runs, and what can be typed; made anew each time it is opened. */
export async function publishHome(surface: Surface, asker: Asker): Promise<void> {
  await surface.web.views.publish({ user_id: asker.userId, view: await homeView(surface, asker) })
}

async function homeView(surface: Surface, asker: Asker): Promise<HomeView> {
  const { services } = surface.desk
  const denied = mayLook(services.catalog, asker.person)
  if (denied !== undefined)
    return { type: 'home', blocks: noticeCard({ kind: 'denied', ability: 'look', ...denied }, asker.look).blocks }
  const [status, runs, reviews] = await Promise.all([
    readStatus(services),
    listRuns(services.db, { limit: 8 }),
    openReviews(services.db, 1),
  ])
  const cards = [
    statusCard(status, asker.look),
    ...(reviews.length === 0 ? [] : [await reviewsOf(surface.desk, asker.look)]),
    runsCard(runs, asker.look),
    helpCard('/status', asker.look),
    helpCard('/rollback', asker.look),
    helpCard('/rescue', asker.look),
  ]
  // Ids of blocks must be unique in a view; each card numbers its own.
  const blocks = cards.flatMap((card, index) => [
    ...(index === 0 ? [] : [divider]),
    ...card.blocks.map((block) =>
      'block_id' in block && block.block_id !== undefined
        ? { ...block, block_id: `${index}:${block.block_id}` }
        : block,
    ),
  ])
  return { type: 'home', blocks: blocks.slice(0, mostBlocks) }
}
