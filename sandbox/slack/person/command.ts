import { z } from 'zod'
import { fail } from '../api/answers.ts'
import { respond } from '../app/response-urls.ts'
import { isObject } from '../model/json.ts'
import type { Command } from '../model/manifest.ts'
import { addMessage } from '../model/messages.ts'
import type { Channel, Json, User } from '../model/types.ts'
import type { World } from '../model/world.ts'
import {
  bad,
  channelName,
  channelOf,
  isBad,
  type PersonAnswer,
  type PersonContext,
  personOf,
  send,
  silence,
} from './context.ts'
import { withMentions } from './escape.ts'
import { personMessage } from './look.ts'

export const commandBody = z.strictObject({
  user: z.string(),
  channel: z.string(),
  text: z.string(),
  thread_ts: z.string().optional(),
})

/** The workspace's own voice, for lines that only one person sees. */
const workspaceUser = 'USLACKBOT'

/** A person sends a slash command; answers when the app has acked, or after 3 s. */
export async function command(context: PersonContext, body: z.output<typeof commandBody>): Promise<PersonAnswer> {
  const { world } = context
  const user = personOf(world, body.user)
  if (isBad(user)) return user
  const channel = channelOf(world, user, body.channel)
  if (isBad(channel)) return channel
  const [, name, rest = ''] = /^(\/\S+)\s?([\s\S]*)$/.exec(body.text.trim()) ?? []
  const names = world.manifest.commands.map((one) => one.command)
  if (name === undefined) return bad('text', names, 'not_a_command')
  const found = world.manifest.commands.find((one) => one.command === name.toLowerCase())
  if (found === undefined) {
    return fail('unknown_command', { message: `${name} is not a valid command.`, field: 'text', allowed: names })
  }
  if (body.thread_ts !== undefined)
    return fail('command_in_thread', { message: `${name} is not supported in threads. Sorry!` })
  if (!channel.members.has(user.id)) return fail('not_in_channel', { message: 'Join the channel first.' })
  if (channel.archived) return fail('is_archived', { message: 'This channel is archived.' })
  return run(context, user, channel, found, rest.trim())
}

async function run(
  context: PersonContext,
  user: User,
  channel: Channel,
  found: Command,
  text: string,
): Promise<PersonAnswer> {
  const { world } = context
  const origin = { channel, userId: user.id, message: undefined }
  const delivered = await send(
    context,
    'slash_commands',
    {
      token: world.verificationToken,
      team_id: world.team.id,
      team_domain: world.team.domain,
      channel_id: channel.id,
      channel_name: channelName(channel),
      user_id: user.id,
      user_name: user.name,
      command: found.command,
      text: found.shouldEscape ? withMentions(world, text) : text,
      api_app_id: world.appId,
      is_enterprise_install: 'false',
      response_url: context.responseUrls.issue(origin),
      trigger_id: world.triggers.issue(user.id),
    },
    true,
  )
  if (delivered.kind !== 'acked') return failed(world, channel, user, found.command, silence(delivered))
  const before = new Set(channel.messages.keys())
  const answer = answerOf(delivered.payload)
  const problem = answer === undefined ? undefined : respond(world, origin, answer)
  if (problem !== undefined) return failed(world, channel, user, found.command, 'invalid_command_response', problem)
  const shown = [...channel.messages.values()].filter((message) => !before.has(message.ts))
  return { ok: true, shown: shown.map((message) => personMessage(world, channel, message, user)) }
}

/** The app may answer with the ack: a text, or a message as JSON. */
function answerOf(payload: unknown): Json | undefined {
  if (typeof payload === 'string') return payload === '' ? undefined : { text: payload }
  if (!isObject(payload)) return undefined
  return payload['text'] === undefined && payload['blocks'] === undefined && payload['attachments'] === undefined
    ? undefined
    : payload
}

function failed(world: World, channel: Channel, user: User, name: string, error: string, detail?: Json): PersonAnswer {
  const message = `${name} failed with the error "${error}"`
  addMessage(world, channel, { user: workspaceUser, text: message, ephemeralTo: user.id })
  return fail(error, { message, ...(detail === undefined ? {} : { detail }) })
}
