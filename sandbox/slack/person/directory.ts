import type { World } from '../model/world.ts'
import type { PersonAnswer } from './context.ts'

/** Everybody, the bot and the workspace's own voice among them, and the user groups. */
export function people(world: World): PersonAnswer {
  const workspace = {
    name: 'workspace',
    id: 'USLACKBOT',
    real_name: world.team.name,
    tz: 'Etc/UTC',
    locale: 'en-US',
    is_bot: true,
  }
  const known = [...world.users.values()].map((user) => ({
    name: user.name,
    id: user.id,
    real_name: user.realName,
    email: user.email,
    tz: user.tz,
    locale: user.locale,
    title: user.title,
    role: user.title,
    is_bot: user.isBot,
  }))
  return { ok: true, people: [...known, workspace], groups: world.userGroups, team: world.team }
}

/** The commands and shortcuts that the manifest declares. */
export function commands(world: World): PersonAnswer {
  return {
    ok: true,
    commands: world.manifest.commands.map((one) => ({
      command: one.command,
      description: one.description,
      usage_hint: one.usageHint,
    })),
    shortcuts: world.manifest.shortcuts.map((one) => ({ ...one, callback_id: one.callbackId })),
  }
}
