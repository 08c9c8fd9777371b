import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { commands } from '../../src/commands/index.ts'
import { events } from '../../src/interactions/index.ts'

const root = resolve(import.meta.dirname, '../..')
const text = readFileSync(join(root, 'manifest.yml'), 'utf8')
const manifest = z
  .object({
    features: z.object({ slash_commands: z.array(z.object({ command: z.string() })) }),
    oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
    settings: z.object({ event_subscriptions: z.object({ bot_events: z.array(z.string()) }) }),
  })
  .parse(parse(text))

/** Which scope each Web API method needs, for the methods that the program calls (Slack's documentation). */
const scopeOf: Record<string, string> = {
  'chat.postMessage': 'chat:write',
  'chat.update': 'chat:write',
  'chat.postEphemeral': 'chat:write',
  'chat.delete': 'chat:write',
  'conversations.create': 'channels:manage',
  'conversations.invite': 'channels:manage',
  'conversations.setTopic': 'channels:manage',
  'conversations.setPurpose': 'channels:manage',
  'conversations.archive': 'channels:manage',
  'conversations.join': 'channels:join',
  'conversations.list': 'channels:read',
  'conversations.info': 'channels:read',
  'conversations.members': 'channels:read',
  'conversations.history': 'channels:history',
  'conversations.replies': 'channels:history',
  'conversations.open': 'im:write',
  'users.info': 'users:read',
  'users.lookupByEmail': 'users:read.email',
  'usergroups.users.list': 'usergroups:read',
  'usergroups.list': 'usergroups:read',
  'pins.add': 'pins:write',
  'bookmarks.add': 'bookmarks:write',
  'bookmarks.edit': 'bookmarks:write',
  'reactions.add': 'reactions:write',
  'files.uploadV2': 'files:write',
  'files.getUploadURLExternal': 'files:write',
  'files.completeUploadExternal': 'files:write',
}
const free = [
  'auth.test',
  'views.open',
  'views.update',
  'views.push',
  'views.publish',
  'chat.getPermalink',
  'apps.connections.open',
  'filesUploadV2',
]

function methodsCalled(): string[] {
  const sources = readdirSync(join(root, 'src'), { withFileTypes: true, recursive: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith('.ts'),
  )
  const found = sources.flatMap((entry) => [
    ...readFileSync(join(entry.parentPath, entry.name), 'utf8').matchAll(
      /\b((?:chat|conversations|users|usergroups|pins|bookmarks|reactions|files|views|auth)\.(?:users\.)?[a-zA-Z]+)\(/g,
    ),
  ])
  const names = [...Object.keys(scopeOf), ...free]
  return [...new Set(found.map((match) => match[1] ?? '').filter((name) => names.includes(name)))]
}

describe('manifest.yml', () => {
  it('declares exactly the commands that the program answers', () => {
    const declared = manifest.features.slash_commands.map((entry) => entry.command)
    expect(declared.toSorted()).toEqual(commands.map((command) => command.name).toSorted())
  })

  it('declares exactly the events that the program listens to', () => {
    expect(manifest.settings.event_subscriptions.bot_events.toSorted()).toEqual([...events].toSorted())
  })

  it('declares a scope for every Web API method that the program calls', () => {
    const called = methodsCalled()
    expect(called.length).toBeGreaterThan(10)
    const missing = called
      .filter((name) => !free.includes(name))
      .filter((name) => !manifest.oauth_config.scopes.bot.includes(scopeOf[name] ?? '?'))
    expect(missing).toEqual([])
  })

  it.each(['1.0.0', '2.0.0'])("is valid by Slack's schema %s", (version) => {
    const folder = resolve(import.meta.dirname, 'manifest-schema')
    const schema: object = JSON.parse(readFileSync(join(folder, `manifest.schema.${version}.json`), 'utf8'))
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
    const valid = ajv.validate(schema, parse(text))
    expect(ajv.errors ?? []).toEqual([])
    expect(valid).toBe(true)
  })
})
