import { fileJson } from './file-shape.ts'
import { compact } from './json.ts'
import { isByApp, repliesOf } from './messages.ts'
import type { Channel, Json, Message } from './types.ts'
import { botId, type World } from './world.ts'

/** Slack's JSON of a message. Metadata goes out only where it was asked for. */
export function messageJson(world: World, channel: Channel, message: Message, withMetadata = false): Json {
  const replies = repliesOf(channel, message.ts)
  const last = replies.at(-1)
  return compact({
    type: 'message',
    subtype: message.subtype ?? (message.broadcast ? 'thread_broadcast' : undefined),
    user: message.user,
    ts: message.ts,
    ...(isByApp(message) ? appFields(world) : {}),
    text: message.text,
    team: world.team.id,
    blocks: message.blocks,
    attachments: message.attachments,
    metadata: withMetadata ? message.metadata : undefined,
    files: message.files.length === 0 ? undefined : message.files.flatMap((id) => fileOf(world, id)),
    edited: message.edited,
    thread_ts: message.threadTs ?? (last === undefined ? undefined : message.ts),
    parent_user_id: message.threadTs === undefined ? undefined : channel.messages.get(message.threadTs)?.user,
    reply_count: last === undefined ? undefined : replies.length,
    reply_users: last === undefined ? undefined : [...new Set(replies.map((reply) => reply.user))],
    reply_users_count: last === undefined ? undefined : new Set(replies.map((reply) => reply.user)).size,
    latest_reply: last?.ts,
    reactions: message.reactions.length === 0 ? undefined : message.reactions.map(reactionJson),
    pinned_to: channel.pins.some((pin) => pin.ts === message.ts) ? [channel.id] : undefined,
  })
}

function appFields(world: World): Json {
  return {
    bot_id: botId,
    app_id: world.appId,
    bot_profile: { id: botId, app_id: world.appId, name: world.manifest.name, team_id: world.team.id, deleted: false },
  }
}

function fileOf(world: World, id: string): Json[] {
  const file = world.files.get(id)
  return file === undefined ? [] : [fileJson(world, file)]
}

const reactionJson = ({ name, users }: { name: string; users: readonly string[] }) => ({
  name,
  users,
  count: users.length,
})
