import { compact } from './json.ts'
import { isByApp, repliesOf } from './messages.ts'
import type { Bookmark, Channel, Json, Message, StoredFile, User, UserGroup } from './types.ts'
import type { OpenView } from './views.ts'
import { botId, botUserId, type World } from './world.ts'

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

export function channelJson(world: World, channel: Channel): Json {
  const common = {
    id: channel.id,
    created: channel.created,
    is_archived: channel.archived,
    is_org_shared: false,
    context_team_id: world.team.id,
  }
  if (channel.kind === 'im')
    return { ...common, is_im: true, user: channel.peer, is_open: true, is_user_deleted: false, priority: 0 }
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'public',
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: channel.kind === 'private',
    is_general: channel.name === 'general',
    is_shared: false,
    is_ext_shared: false,
    is_member: channel.members.has(botUserId),
    creator: channel.creator,
    topic: { value: channel.topic.value, creator: channel.topic.creator, last_set: channel.topic.lastSet },
    purpose: { value: channel.purpose.value, creator: channel.purpose.creator, last_set: channel.purpose.lastSet },
    previous_names: [],
  }
}

/** @param withLocale only what was asked for: Slack leaves the locale out otherwise */
export function userJson(world: World, user: User, withLocale: boolean): Json {
  const mayReadEmail = world.manifest.scopes.includes('users:read.email')
  return compact({
    id: user.id,
    team_id: world.team.id,
    name: user.name,
    deleted: false,
    real_name: user.realName,
    tz: user.tz,
    tz_label: user.tz,
    tz_offset: zoneOffset(user.tz, world.clock()),
    profile: compact({
      real_name: user.realName,
      real_name_normalized: user.realName,
      display_name: user.name,
      display_name_normalized: user.name,
      title: user.title,
      email: mayReadEmail ? user.email : undefined,
      team: world.team.id,
      bot_id: user.isBot ? botId : undefined,
    }),
    is_admin: false,
    is_owner: false,
    is_bot: user.isBot,
    is_app_user: false,
    updated: 0,
    locale: withLocale ? user.locale : undefined,
  })
}

/** Seconds east of Greenwich, at that moment. */
function zoneOffset(tz: string, now: number): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: tz, timeZoneName: 'longOffset' }).formatToParts(now)
  const match = /GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT')
  const [, sign, hours = '0', minutes = '0'] = match ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60)
}

export function groupJson(world: World, group: UserGroup, withUsers: boolean): Json {
  return compact({
    id: group.id,
    team_id: world.team.id,
    is_usergroup: true,
    name: group.name,
    handle: group.handle,
    description: '',
    is_external: false,
    date_delete: 0,
    user_count: group.users.length,
    users: withUsers ? group.users : undefined,
  })
}

export function bookmarkJson(world: World, channel: Channel, bookmark: Bookmark): Json {
  return {
    id: bookmark.id,
    channel_id: channel.id,
    title: bookmark.title,
    link: bookmark.link,
    emoji: bookmark.emoji,
    icon_url: null,
    type: 'link',
    entity_id: null,
    date_created: bookmark.created,
    date_updated: bookmark.updated,
    rank: 'a',
    last_updated_by_user_id: botUserId,
    last_updated_by_team_id: world.team.id,
    shortcut_id: null,
    app_id: null,
  }
}

export function fileJson(world: World, file: StoredFile): Json {
  const text = file.content !== undefined && !file.content.includes(0) ? file.content.toString('utf8') : undefined
  return compact({
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.title,
    user: file.user,
    mimetype: text === undefined ? 'application/octet-stream' : 'text/plain',
    filetype: text === undefined ? 'binary' : 'text',
    mode: text === undefined ? 'hosted' : 'snippet',
    editable: text !== undefined,
    size: file.length,
    alt_txt: file.altText,
    url_private: `${world.url}/files/${file.id}/${encodeURIComponent(file.name)}`,
    url_private_download: `${world.url}/files/${file.id}/${encodeURIComponent(file.name)}?download=1`,
    permalink: `${world.url}/files/${file.id}/${encodeURIComponent(file.name)}`,
    preview: text?.slice(0, 500),
    lines: text?.split('\n').length,
    channels: file.channels,
  })
}

/** The view as `views.*` answers and payloads carry it. */
export function viewJson(world: World, view: OpenView): Json {
  const given = view.content
  return {
    id: view.id,
    team_id: world.team.id,
    type: given['type'],
    blocks: given['blocks'],
    private_metadata: given['private_metadata'] ?? '',
    callback_id: given['callback_id'] ?? '',
    state: { values: view.state },
    hash: view.hash,
    title: given['title'],
    clear_on_close: given['clear_on_close'] ?? false,
    notify_on_close: given['notify_on_close'] ?? false,
    close: given['close'] ?? null,
    submit: given['submit'] ?? null,
    submit_disabled: given['submit_disabled'] ?? false,
    previous_view_id: view.previousId ?? null,
    root_view_id: view.rootId,
    app_id: world.appId,
    external_id: given['external_id'] ?? '',
    app_installed_team_id: world.team.id,
    bot_id: botId,
  }
}
