import { setMode } from '../operations/automatic-mode.ts'
import { cardOfModeSet } from '../surface/automatic.ts'
import { noticeCard } from '../texts/cards/notice.ts'
import type { ButtonHandler } from './types.ts'

const muteMinutes = 60

/** "Mute for 1 h" on a card of the watcher: the same as `/rescue automatic APP off for 1h`. */
export const automaticMuteButton: ButtonHandler = async ({ surface, asker, value, reply }) => {
  if (value === undefined) return reply(noticeCard({ kind: 'old_click' }, asker.look))
  const { desk } = surface
  const set = await setMode(desk.services, { app: value, mode: 'off', minutes: muteMinutes }, asker.person, asker.actor)
  await reply(await cardOfModeSet(desk, set, asker.look))
}
