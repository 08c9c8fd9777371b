import type { WebClient } from '@slack/web-api'
import { personBySlack } from '../catalog/people.ts'
import type { Language } from '../catalog/schema.ts'
import type { Services } from '../operations/services.ts'
import { cachedGroups, languageOf, readPerson } from '../services/slack/people.ts'
import { findPerson, savePerson } from '../store/people.ts'
import type { Askers } from './types.ts'

const dayMs = 86_400_000
/** How long an answer may wait for Slack to say which language somebody reads; modals must open within 3 s. */
const patienceMs = 600

type Known = { readonly language: Language; readonly at: number }

/** Who asks, and in which language to answer: from memory, the store, then Slack; the catalog's language when nobody knows in time. */
export function makeAskers(web: WebClient, services: Services): Askers & { refresh(userId: string): Promise<void> } {
  const { catalog, db, log } = services
  const groups = cachedGroups(
    web,
    Object.values(catalog.groups).map((group) => group.slack),
  )
  const known = new Map<string, Known>()
  const asking = new Map<string, Promise<void>>()

  const ask = async (userId: string): Promise<void> => {
    const read = await readPerson(web, userId)
    if (read.kind !== 'ok') return
    const language = languageOf(read.value.locale)
    known.set(userId, { language, at: Date.now() })
    await savePerson(db, { slackUser: userId, language, timeZone: read.value.timeZone }).catch((error: unknown) =>
      log.debug({ err: error }, 'a language could not be kept'),
    )
  }
  const refresh = (userId: string): Promise<void> => {
    const running = asking.get(userId) ?? ask(userId).finally(() => asking.delete(userId))
    asking.set(userId, running)
    return running
  }
  const language = async (userId: string): Promise<Language> => {
    const memory = known.get(userId) ?? (await stored(userId))
    if (memory === undefined) await Promise.race([refresh(userId), pause(patienceMs)])
    else if (Date.now() - memory.at > dayMs) void refresh(userId)
    return (known.get(userId) ?? memory)?.language ?? catalog.language
  }
  const stored = async (userId: string): Promise<Known | undefined> => {
    const row = await findPerson(db, userId).catch(() => undefined)
    if (row === undefined) return undefined
    const found = { language: row.language, at: row.updatedAt.getTime() }
    known.set(userId, found)
    return found
  }
  return {
    refresh,
    find: async (userId) => {
      const [held, spoken] = await Promise.all([groups.of(userId), language(userId)])
      const person = personBySlack(catalog, userId, held)
      return {
        userId,
        person,
        actor: { kind: 'person', name: person.name, slack: userId },
        look: { language: spoken, now: new Date() },
      }
    },
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref())
