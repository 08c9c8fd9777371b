import { encode } from '../format/entities.ts'
import { post } from '../state/api.ts'
import { sayPrivately } from '../state/private-lines.ts'
import { me, people, words } from '../state/session.ts'
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
    return reply.ok ? undefined : explain(String(reply.error), name, typed, say, reply['shown'] === true)
  }
  const reply = await post('/person/message', {
    user,
    channel: channel.id,
    text: withMentions(text),
    ...(thread && { thread_ts: thread }),
  })
  await Promise.all([loadMessages(), loadThread()])
  if (reply.ok) return undefined
  say(`${words.value.notSent} ${words.value.failedWith(String(reply.error))}`)
  return typed
}

/** Slack shows a command that failed as a small private line. */
function explain(
  error: string,
  name: string,
  typed: string,
  say: (line: string) => void,
  shown: boolean,
): string | undefined {
  if (shown) return undefined
  if (error === 'unknown_command') say(words.value.noCommand(`\`${name}\``))
  else if (error === 'not_connected') say(words.value.trouble)
  else say(`${name} failed with the error "${error}"`)
  return error === 'unknown_command' || error === 'not_connected' ? typed : undefined
}

/** @ana becomes a mention, as it does while one types in Slack; all else that means something there is escaped. */
function withMentions(text: string): string {
  return encode(text).replaceAll(/(^|\s)@([a-z]+)\b/gi, (all, before: string, name: string) => {
    const found = people.value.find((one) => one.name === name.toLowerCase())
    return found ? `${before}<@${found.id}>` : all
  })
}
