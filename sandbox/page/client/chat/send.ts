import { post } from '../state/api.ts'
import { sayPrivately } from '../state/private-lines.ts'
import { me, words } from '../state/session.ts'
import { loadMessages, loadThread, loadView } from '../state/workspace.ts'
import type { Channel } from '../types.ts'

/**
 * Sends what was typed: a command to the app, anything else to the channel.
 * @returns the text again when it was not sent, so that nothing typed is lost.
 */
export async function send(channel: Channel, thread: string | null, typed: string): Promise<string | undefined> {
  const text = typed.trim()
  const user = me.value
  const say = (line: string) => sayPrivately(user, channel.id, thread, line)
  if (/^\/[\w-]+/.test(text)) {
    const name = text.split(/\s/)[0] ?? ''
    if (thread) {
      say(words.value.notInThreads(`\`${name}\``))
      return typed
    }
    const reply = await post('/person/command', { user, channel: channel.id, text })
    await Promise.all([loadMessages(), loadView()])
    return reply.ok ? undefined : explain(String(reply.error), name, typed, say)
  }
  const reply = await post('/person/message', {
    user,
    channel: channel.id,
    text,
    ...(thread && { thread_ts: thread }),
  })
  await Promise.all([loadMessages(), loadThread()])
  if (reply.ok) return undefined
  say(`${words.value.notSent} ${words.value.failedWith(String(reply.error))}`)
  return typed
}

/** The workspace itself shows what the app did wrong; what it refused outright is said here, as Slack's client does. */
function explain(error: string, name: string, typed: string, say: (line: string) => void): string | undefined {
  const { noCommand, trouble, notMember, isArchived } = words.value
  const said = {
    unknown_command: noCommand(`\`${name}\``),
    not_a_command: noCommand(`\`${name}\``),
    not_connected: trouble,
    not_in_channel: notMember,
    is_archived: isArchived,
  }[error]
  if (said === undefined) return undefined
  say(said)
  return typed
}
