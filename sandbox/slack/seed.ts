import { addChannel, directMessage } from './model/channels.ts'
import type { User, UserGroup } from './model/types.ts'
import { botUserId, type World } from './model/world.ts'
import type { ChannelOptions, PersonOptions, WorkspaceOptions } from './options.ts'

export const userOf = (person: PersonOptions): User => ({
  id: person.slack,
  name: person.name,
  realName: person.realName,
  email: person.email,
  tz: person.tz,
  locale: person.locale,
  title: person.role ?? '',
  isBot: false,
})

/** @throws Error when no person has this name */
function idOf({ people }: WorkspaceOptions, name: string): string {
  const found = people.find((person) => person.name === name)
  if (found === undefined)
    throw new Error(`no person is called "${name}"; there are ${people.map((one) => one.name).join(', ')}`)
  return found.slack
}

/** The channels that the workspace begins with; everybody has a direct message with the bot. */
export function seedChannels(world: World, options: WorkspaceOptions): void {
  for (const channel of options.channels) seedChannel(world, options, channel)
  for (const person of options.people) directMessage(world, person.slack)
}

/** @throws Error when a group names somebody who is not there */
export function groupsOf(options: WorkspaceOptions): UserGroup[] {
  return (options.groups ?? []).map((group) => ({ ...group, users: group.users.map((name) => idOf(options, name)) }))
}

function seedChannel(world: World, options: WorkspaceOptions, channel: ChannelOptions): void {
  const names = channel.members ?? options.people.map((person) => person.name)
  const members = names.map((name) => idOf(options, name))
  addChannel(world, {
    id: channel.id,
    name: channel.name,
    kind: channel.private === true ? 'private' : 'public',
    creator: members[0] ?? botUserId,
    members: channel.bot === false ? members : [...members, botUserId],
    topic: channel.topic,
    purpose: channel.purpose,
  })
}
