import type { Method } from './method.ts'
import { authMethods } from './methods/auth.ts'
import { bookmarkMethods } from './methods/bookmarks.ts'
import { chatMethods } from './methods/chat.ts'
import { chatChangeMethods } from './methods/chat-change.ts'
import { conversationChangeMethods } from './methods/conversation-change.ts'
import { conversationMemberMethods } from './methods/conversation-members.ts'
import { conversationReadMethods } from './methods/conversation-read.ts'
import { fileMethods } from './methods/files.ts'
import { historyMethods } from './methods/history.ts'
import { pinMethods } from './methods/pins.ts'
import { reactionMethods } from './methods/reactions.ts'
import { userMethods } from './methods/users.ts'
import { viewMethods } from './methods/views.ts'

/** Every method of the Web API that the workspace answers; all others are `unknown_method`. */
export const methods: Readonly<Record<string, Method>> = {
  ...authMethods,
  ...chatMethods,
  ...chatChangeMethods,
  ...conversationReadMethods,
  ...conversationChangeMethods,
  ...conversationMemberMethods,
  ...historyMethods,
  ...userMethods,
  ...viewMethods,
  ...pinMethods,
  ...bookmarkMethods,
  ...reactionMethods,
  ...fileMethods,
}
