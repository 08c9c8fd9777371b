import type { Actor } from '../store/types.ts'
import { type Mrkdwn, mention, mrkdwn } from './escape.ts'
import { inLanguage, type Look } from './language.ts'
import { commonWords } from './words/common.ts'

/** Who did it: a mention where Slack knows the person, else the name; the bot by its own word. */
export function actorOf(actor: Actor | undefined, look: Pick<Look, 'language'>): Mrkdwn {
  if (actor === undefined || actor.kind === 'bot') return mrkdwn`${inLanguage(commonWords, look).bot}`
  if (actor.slack !== undefined) return mention(actor.slack)
  const { releasesWatcher, backupsWatcher } = inLanguage(commonWords, look)
  if (actor.kind === 'watcher' && actor.name === 'releases') return mrkdwn`${releasesWatcher}`
  if (actor.kind === 'watcher' && actor.name === 'backups') return mrkdwn`${backupsWatcher}`
  return mrkdwn`${actor.name}`
}
