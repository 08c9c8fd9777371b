import { createHash } from 'node:crypto'
import type { PagedPerson, User } from './types.ts'

export const serviceId = 'PSVC001'
export const policyId = 'PPOL001'
export const names = { service: 'PortTrack', policy: 'PortTrack SRE' } as const

/** Who exists and who is called first: fixed for the life of the server. */
export type Directory = {
  readonly users: readonly User[]
  /** Escalation levels, first one first; every level has somebody. */
  readonly levels: readonly (readonly User[])[]
  byEmail(email: string): User | undefined
  byId(id: string): User | undefined
  byKey(key: string): User | undefined
}

/**
 * @param from the email of the bot's own account, which joins the people when none of them has it.
 * @param levels names of people by escalation level; unknown names are a fault of the caller.
 * @throws Error when a level names nobody.
 */
export function createDirectory(
  people: readonly PagedPerson[],
  from: string,
  levels: readonly (readonly string[])[],
): Directory {
  const known = people.some((person) => person.email.toLowerCase() === from.toLowerCase())
  const bot: PagedPerson = { name: 'rescue', realName: 'Rescue', email: from }
  const users = (known ? people : [...people, bot]).map(userOf)
  const byKey = (key: string) => users.find((user) => user.key === key)
  return {
    users,
    levels: levels.map((keys, index) => {
      const found = keys.map(byKey).filter((user) => user !== undefined)
      if (found.length !== keys.length || found.length === 0)
        throw new Error(`escalation level ${index + 1} names somebody unknown: ${keys.join(', ') || 'nobody'}`)
      return found
    }),
    byKey,
    byId: (id) => users.find((user) => user.id === id),
    byEmail: (email) => users.find((user) => user.email.toLowerCase() === email.toLowerCase()),
  }
}

function userOf(person: PagedPerson, index: number): User {
  const key = person.name
  return {
    id: `P${createHash('sha256').update(key).digest('hex').slice(0, 6).toUpperCase()}`,
    key,
    name: person.realName,
    email: person.email,
    timeZone: person.tz ?? 'UTC',
    // Numbers of the range that is kept free for fiction.
    phone: person.phone ?? `+34 600 555 0${String(index + 10)}`,
  }
}
