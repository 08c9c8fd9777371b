import { people, personById, words } from '../state/session.ts'
import type { Channel, Message, Person } from '../types.ts'

/** The bot among the people; its name comes from the manifest. */
export const bot = (): Person | undefined => people.value.find((one) => one.isBot && one.id !== workspaceVoice)

/** The workspace's own lines, such as that a command failed. */
export const workspaceVoice = 'USLACKBOT'

export const isFromBot = (message: Message): boolean =>
  message.user !== workspaceVoice &&
  (message.bot_id !== undefined || (personById(message.user)?.isBot ?? false) || message.subtype === 'bot_message')

export function authorOf(message: Message): string {
  return personById(message.user)?.realName || message.username || bot()?.realName || words.value.app
}

/** A direct conversation is called by the other side. */
export const titleOf = (channel: Channel): string =>
  channel.isDirect ? (bot()?.realName ?? channel.name) : channel.name
