import type { Bookmark, Channel, Json } from './types.ts'
import { botUserId, type World } from './world.ts'

/** Slack's JSON of a channel or direct message. */
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

/** Slack's JSON of a bookmark. */
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
