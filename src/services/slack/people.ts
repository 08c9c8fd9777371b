import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import { attempt, type SlackResult } from './errors.ts'

export type SlackPerson = {
  readonly id: string
  readonly name: string
  /** `es-ES`, or undefined where Slack does not say. */
  readonly locale: string | undefined
  readonly timeZone: string
}

const userSchema = z.object({
  user: z.object({
    id: z.string(),
    name: z.string().default(''),
    locale: z.string().optional(),
    tz: z.string().nullish(),
  }),
})

export async function readPerson(client: WebClient, id: string): Promise<SlackResult<SlackPerson>> {
  return attempt(async () => {
    const { user } = userSchema.parse(await client.users.info({ user: id, include_locale: true }))
    return { id: user.id, name: user.name, locale: user.locale, timeZone: user.tz ?? 'UTC' }
  })
}

/** Spanish for every Spanish; else English. */
export const languageOf = (locale: string | undefined): 'es' | 'en' =>
  locale?.toLowerCase().startsWith('es') ? 'es' : 'en'

const membersSchema = z.object({ users: z.array(z.string()).default([]) })

export async function readGroup(client: WebClient, group: string): Promise<SlackResult<readonly string[]>> {
  return attempt(async () => membersSchema.parse(await client.usergroups.users.list({ usergroup: group })).users)
}

export type Groups = {
  /** The user groups, of those asked for, that hold this person. */
  of(user: string): Promise<readonly string[]>
}

/**
 * Members of the catalog's user groups, asked for again after `forMs`. When Slack does not answer the last known members
 * count; without any, nobody: a right is not given by an error.
 */
export function cachedGroups(
  client: WebClient,
  groups: readonly string[],
  forMs = 60_000,
  clock: () => number = Date.now,
): Groups {
  const known = new Map<string, { readonly users: readonly string[]; readonly at: number }>()
  const members = async (group: string): Promise<readonly string[]> => {
    const before = known.get(group)
    if (before !== undefined && clock() - before.at < forMs) return before.users
    const read = await readGroup(client, group)
    if (read.kind !== 'ok') return before?.users ?? []
    known.set(group, { users: read.value, at: clock() })
    return read.value
  }
  return {
    of: async (user) => {
      const lists = await Promise.all(groups.map(async (group) => ({ group, users: await members(group) })))
      return lists.filter(({ users }) => users.includes(user)).map(({ group }) => group)
    },
  }
}

const openSchema = z.object({ channel: z.object({ id: z.string() }) })

/** The D… id of the conversation with a person: chat.update needs it, a user id does not do. */
export async function openDirect(client: WebClient, user: string): Promise<SlackResult<string>> {
  return attempt(async () => openSchema.parse(await client.conversations.open({ users: user })).channel.id)
}

const authSchema = z.object({
  user_id: z.string(),
  bot_id: z.string(),
  team_id: z.string(),
  url: z.string().optional(),
})
export type BotIdentity = {
  readonly user: string
  readonly bot: string
  readonly team: string
  readonly url: string | undefined
}

/** Who the token belongs to. */
export async function readBot(client: WebClient): Promise<SlackResult<BotIdentity>> {
  return attempt(async () => {
    const answer = authSchema.parse(await client.auth.test())
    return { user: answer.user_id, bot: answer.bot_id, team: answer.team_id, url: answer.url }
  })
}
