import { userInfo } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { personByLogin } from '../catalog/people.ts'
import { ConfigError } from '../config/faults.ts'
import { type Config, readConfig } from '../config.ts'
import { type Core, type Ground, launchCore, openGround } from '../core.ts'
import { makeLog } from '../log.ts'
import { mayLook } from '../operations/look.ts'
import { codeOf, isConnectionError, isStoreAway } from '../store/away.ts'
import { inLanguage } from '../texts/language.ts'
import { type Exit, exitCodes, notBegun } from './exit.ts'
import { refusalText } from './notices.ts'
import type { Io } from './screen/io.ts'
import type { Session } from './types.ts'
import { type CliWords, cliWords } from './words/words.ts'

/**
 * Opens the same store as the bot, with the same operations, policies, approvals and audit; without Slack. A run that this
 * process leaves behind is gone on with by the bot.
 * @throws Exit when the configuration is wrong or the store is away
 */
export async function withSession<T>(io: Io, body: (session: Session) => Promise<T>): Promise<T> {
  const config = await configuration()
  const language = io.language ?? config.catalog.language
  const words = inLanguage(cliWords, { language })
  const { LOG_LEVEL: level } = config.environment
  const log = makeLog(level === 'info' ? 'fatal' : level, 'stderr')
  const ground = await opened(config, log, words)
  let core: Promise<Core> | undefined
  const rest = async (drainMs?: number) => {
    const running = core
    core = undefined
    await (await running)?.stop(drainMs)
  }
  try {
    const login = loginOf(config)
    const person = personByLogin(config.catalog, login)
    const { name, slack } = person
    return await body({
      io,
      services: ground.services,
      person,
      actor: { kind: 'person', name, ...(slack === undefined ? {} : { slack }) },
      login,
      language,
      words,
      look: () => ({ language, now: new Date() }),
      desk: async () => {
        core ??= launchCore(ground, log, () => leave(io, words))
        return (await core).desk
      },
      rest,
    })
  } finally {
    await rest()
    await ground.stop()
  }
}

/** The same for whoever may look. @throws Exit with 3 for somebody whom the catalog does not let see anything */
export function withLook<T>(io: Io, body: (session: Session) => Promise<T>): Promise<T> {
  return withSession(io, async (session) => {
    const denied = mayLook(session.services.catalog, session.person)
    if (denied === undefined) return body(session)
    const text = refusalText(session, { kind: 'denied', ability: 'look', ...denied })
    throw notBegun(exitCodes.refused, 'denied', text, { needed: denied.needed, who: denied.who })
  })
}

/** Who acts: RESCUE_ACTOR, else the login of the operating system. */
export const loginOf = (config: Config): string => config.environment.RESCUE_ACTOR ?? systemLogin()

/** A container's user may have no name. */
function systemLogin(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`
  }
}

async function opened(config: Config, log: Logger, words: CliWords): Promise<Ground> {
  try {
    return await openPatiently(config, log)
  } catch (error) {
    if (error instanceof ConfigError) throw configurationFault(error)
    throw notBegun(exitCodes.failed, 'store_away', words.storeAway(error instanceof Error ? error.message : 'unknown'))
  }
}

const tries = 3
const betweenMs = 500

/** A store that is only busy (no answer in time, no connection left) is asked again; one where nobody listens is away. */
async function openPatiently(config: Config, log: Logger): Promise<Ground> {
  for (let left = tries; ; left--) {
    try {
      return await openGround(config, log, true)
    } catch (error) {
      const cause = isStoreAway(error) && error instanceof Error ? error.cause : error
      if (left === 1 || !isConnectionError(cause) || codeOf(cause) === 'ECONNREFUSED') throw error
      await sleep(betweenMs)
    }
  }
}

/** @throws Exit with 2 that lists every fault */
async function configuration(): Promise<Config> {
  try {
    return await readConfig()
  } catch (error) {
    if (error instanceof ConfigError) throw configurationFault(error)
    throw error
  }
}

function configurationFault({ faults }: ConfigError): Exit {
  const text = faults.map((fault) => `${fault.where}  ${fault.field}: ${fault.problem}`).join('\n')
  return notBegun(exitCodes.badInput, 'configuration', text, { faults })
}

function leave(io: Io, words: CliWords): never {
  io.err.write(`${words.lost}\n`)
  process.exit(exitCodes.failed)
}
