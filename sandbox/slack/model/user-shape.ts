import { compact } from './json.ts'
import type { Json, User, UserGroup } from './types.ts'
import { botId, type World } from './world.ts'

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
