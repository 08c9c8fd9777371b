import type { Channel, Command, Message, Person, Shortcut, View } from '../types.ts'

type Fields = Readonly<Record<string, unknown>>

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const number = (value: unknown): number => (typeof value === 'number' ? value : 0)

/** Slack's topics are objects with a value. */
const noteText = (value: unknown): string => (typeof value === 'string' ? value : text(fields(value)['value']))

export function readPeople(value: unknown, roles: Readonly<Record<string, string>>): Person[] {
  return list(value).map((one) => {
    const person = fields(one)
    const role = text(person['role']) || roles[text(person['name'] ?? person['user'])]
    return {
      name: text(person['name'] ?? person['user']),
      id: text(person['id'] ?? person['slack']),
      realName: text(person['real_name'] ?? person['realName']),
      zone: text(person['tz']) || 'UTC',
      locale: text(person['locale']) || 'en-GB',
      role: role === 'approver' || role === 'operator' || role === 'viewer' ? role : undefined,
      isBot: person['is_bot'] === true,
    }
  })
}

export function readChannels(value: unknown): Channel[] {
  return list(value).map((one) => {
    const channel = fields(one)
    return {
      id: text(channel['id']),
      name: text(channel['name']),
      isDirect: channel['is_im'] === true,
      isMember: channel['is_member'] !== false,
      isArchived: channel['is_archived'] === true,
      isPrivate: channel['is_private'] === true,
      topic: noteText(channel['topic']),
      purpose: noteText(channel['purpose']),
      unread: number(channel['unread']),
      mentions: number(channel['mention_count'] ?? channel['mentions']),
      lastRead: text(channel['last_read']),
      members: list(channel['members']).map(text),
      bookmarks: list(channel['bookmarks']).map((mark) => {
        const { id, title, link, emoji } = fields(mark)
        return { id: text(id), title: text(title), link: text(link), emoji: text(emoji) }
      }),
    }
  })
}

export function readCommands(value: unknown): Command[] {
  return list(value).map((one) => {
    const command = fields(one)
    return {
      command: text(command['command']),
      description: text(command['description']),
      usage: text(command['usage_hint']),
    }
  })
}

export function readShortcuts(value: unknown): Shortcut[] {
  return list(value).map((one) => {
    const { name, callback_id: callbackId, type, description } = fields(one)
    return { name: text(name), callbackId: text(callbackId), type: text(type), description: text(description) }
  })
}

/** Messages are Slack's own objects; blocks have been validated by the workspace. Oldest first. */
export function readMessages(value: unknown): Message[] {
  const messages = list(value).filter((one): one is Message => text(fields(one)['ts']) !== '')
  return messages.toSorted((a, b) => Number(a.ts) - Number(b.ts))
}

export function readView(value: unknown): View | null {
  const view = fields(value)
  return text(view['id']) === '' ? null : (value as View)
}
