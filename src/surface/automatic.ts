import { type ModeSet, type PresentMode, presentModes } from '../operations/automatic-mode.ts'
import type { Desk } from '../operations/desk.ts'
import { decisionsOf } from '../store/automatic.ts'
import type { Card } from '../texts/blocks.ts'
import { beyondCatalogCard, type ModeView, modeSetCard, modesCard } from '../texts/cards/automatic-modes.ts'
import { noticeCard } from '../texts/cards/notice.ts'
import type { Look } from '../texts/language.ts'
import { nearest } from './words.ts'

/** What the bot may do by itself, of all apps or of one. */
export async function automaticOf(desk: Desk, app: string | undefined, look: Look): Promise<Card> {
  const apps = Object.keys(desk.services.catalog.apps)
  if (app !== undefined && !apps.includes(app)) return unknownApp(app, apps, look)
  const modes = await presentModes(desk.services, app)
  return modesCard(await Promise.all(modes.map((mode) => viewOf(desk, mode))), look)
}

/** What is answered to whoever set a mode. */
export async function cardOfModeSet(desk: Desk, set: ModeSet, look: Look): Promise<Card> {
  switch (set.kind) {
    case 'set':
      return modeSetCard(await viewOf(desk, set.mode), look)
    case 'beyond_catalog':
      return beyondCatalogCard(set.app, set.allowed, look)
    case 'unknown_app':
      return unknownApp(set.value, set.allowed, look)
    case 'denied':
      return noticeCard({ kind: 'denied', ability: 'start', needed: set.needed, who: set.who }, look)
  }
}

function unknownApp(value: string, allowed: readonly string[], look: Look): Card {
  return noticeCard({ kind: 'unknown_app', value, allowed, nearest: nearest(value, allowed) }, look)
}

async function viewOf(desk: Desk, { app, mode, override }: PresentMode): Promise<ModeView> {
  const entry = desk.services.catalog.apps[app]
  if (entry === undefined) throw new Error(`the catalog lost the app ${app}`)
  const [last] = await decisionsOf(desk.services.db, app, 1)
  return { app, mode, settings: entry.automatic, override, last }
}
