import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

const schema = z.looseObject({
  display_information: z.looseObject({ name: z.string(), description: z.string().default('') }),
  features: z
    .looseObject({
      app_home: z
        .looseObject({ home_tab_enabled: z.boolean().default(false), messages_tab_enabled: z.boolean().default(true) })
        .prefault({}),
      bot_user: z.looseObject({ display_name: z.string() }).optional(),
      slash_commands: z
        .array(
          z.looseObject({
            command: z.string().startsWith('/'),
            description: z.string(),
            usage_hint: z.string().default(''),
            should_escape: z.boolean().default(false),
          }),
        )
        .default([]),
      shortcuts: z
        .array(
          z.looseObject({
            name: z.string(),
            type: z.enum(['global', 'message']),
            callback_id: z.string(),
            description: z.string(),
          }),
        )
        .default([]),
    })
    .prefault({}),
  oauth_config: z
    .looseObject({ scopes: z.looseObject({ bot: z.array(z.string()).default([]) }).prefault({}) })
    .prefault({}),
  settings: z
    .looseObject({
      event_subscriptions: z.looseObject({ bot_events: z.array(z.string()).default([]) }).prefault({}),
      interactivity: z.looseObject({ is_enabled: z.boolean().default(false) }).prefault({}),
    })
    .prefault({}),
})

export type Command = {
  readonly command: string
  readonly description: string
  readonly usageHint: string
  readonly shouldEscape: boolean
}

type Shortcut = {
  readonly name: string
  readonly type: 'global' | 'message'
  readonly callbackId: string
  readonly description: string
}

/** What the app declared of itself: it may do this and nothing else. */
export type Manifest = {
  readonly name: string
  readonly description: string
  readonly botName: string
  readonly scopes: readonly string[]
  readonly events: readonly string[]
  readonly commands: readonly Command[]
  readonly shortcuts: readonly Shortcut[]
  readonly interactive: boolean
  readonly homeTab: boolean
}

/** The scope that each event needs; Slack refuses a manifest that subscribes without it. */
const eventScopes: Readonly<Record<string, string>> = {
  app_mention: 'app_mentions:read',
  channel_archive: 'channels:read',
  channel_created: 'channels:read',
  channel_unarchive: 'channels:read',
  member_joined_channel: 'channels:read',
  'message.channels': 'channels:history',
  'message.groups': 'groups:history',
  'message.im': 'im:history',
  reaction_added: 'reactions:read',
  reaction_removed: 'reactions:read',
  user_change: 'users:read',
}

/** What Slack would refuse in a manifest, each with the scope that is missing. */
function missingScopes({ scopes, events, commands }: Manifest): string[] {
  const forEvents = events.flatMap((event) => {
    const needed = eventScopes[event]
    return needed === undefined || scopes.includes(needed) ? [] : [`the event ${event} needs the scope ${needed}`]
  })
  const forCommands =
    commands.length > 0 && !scopes.includes('commands') ? ['slash commands need the scope commands'] : []
  return [...forEvents, ...forCommands]
}

/** @throws Error when the file is missing, is no app manifest, or lacks a scope that its own parts need */
export function readManifest(path: string): Manifest {
  const {
    display_information: display,
    features,
    oauth_config: oauth,
    settings,
  } = schema.parse(parse(readFileSync(path, 'utf8')))
  const manifest: Manifest = {
    name: display.name,
    description: display.description,
    botName: features.bot_user?.display_name ?? display.name.toLowerCase(),
    scopes: oauth.scopes.bot,
    events: settings.event_subscriptions.bot_events,
    commands: features.slash_commands.map((command) => ({
      command: command.command,
      description: command.description,
      usageHint: command.usage_hint,
      shouldEscape: command.should_escape,
    })),
    shortcuts: features.shortcuts.map((shortcut) => ({
      name: shortcut.name,
      type: shortcut.type,
      callbackId: shortcut.callback_id,
      description: shortcut.description,
    })),
    interactive: settings.interactivity.is_enabled,
    homeTab: features.app_home.home_tab_enabled,
  }
  const missing = missingScopes(manifest)
  if (missing.length > 0) throw new Error(`${path}: ${missing.join('; ')}`)
  return manifest
}
