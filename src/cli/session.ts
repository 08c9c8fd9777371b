import { userInfo } from 'node:os'
import { type Person, personByLogin } from '../catalog/people.ts'
import type { Language } from '../catalog/schema.ts'
import { ConfigError } from '../config/faults.ts'
import { type Config, readConfig } from '../config.ts'
import { makeLog } from '../log.ts'
import type { Desk } from '../operations/desk.ts'
import { startCore } from '../rescue.ts'
import type { Actor } from '../store/types.ts'
import { noticeText } from '../texts/cards/notice.ts'
import type { Mrkdwn } from '../texts/escape.ts'
import { inLanguage } from '../texts/language.ts'
import type { Notice } from '../texts/notices.ts'
import { Exit, exitCodes } from './exit.ts'
import { toTerminal } from './terminal.ts'
import { type CliWords, cliWords } from './words.ts'

export type Session = {
  readonly desk: Desk
  readonly person: Person
  readonly actor: Actor
  readonly language: Language
  readonly words: CliWords
  /** Text of the cards, as the terminal shows it. */
  say(text: Mrkdwn): string
  /** An answer or a refusal; to somebody whom the catalog does not name also how to be named. */
  notice(notice: Notice): string
}

/**
 * Opens the same core as the bot: the same operations, policies, approvals and audit, without Slack. A run that this
 * process leaves behind is gone on with by the bot.
 */
export async function withSession<T>(body: (session: Session) => Promise<T>): Promise<T> {
  const config = await configuration()
  const { catalog } = config
  const { language } = catalog
  const words = inLanguage(cliWords, { language })
  const log = makeLog(config.environment.LOG_LEVEL === 'info' ? 'fatal' : config.environment.LOG_LEVEL)
  const core = await startCore(config, log, () => process.exit(exitCodes.failed), true).catch((error: unknown) => {
    if (error instanceof ConfigError) throw faultsAsExit(error)
    throw new Exit(exitCodes.failed, words.storeAway(error instanceof Error ? error.message : String(error)))
  })
  try {
    const login = loginOf(config)
    const person = personByLogin(catalog, login)
    const actor: Actor = {
      kind: 'person',
      name: person.name,
      ...(person.slack === undefined ? {} : { slack: person.slack }),
    }
    const say = (text: Mrkdwn) => toTerminal(text, catalog)
    const notice = (told: Notice) => {
      const text = say(noticeText(told, { language, now: new Date() }))
      return told.kind === 'denied' && person.entry === undefined ? `${text}\n${words.unknownLogin(login)}` : text
    }
    return await body({ desk: core.desk, person, actor, language, words, say, notice })
  } finally {
    await core.stop()
  }
}

/** Who acts: RESCUE_ACTOR, else the login of the operating system. */
export const loginOf = (config: Config): string => config.environment.RESCUE_ACTOR ?? userInfo().username

async function configuration(): Promise<Config> {
  try {
    return await readConfig()
  } catch (error) {
    if (error instanceof ConfigError) throw faultsAsExit(error)
    throw error
  }
}

function faultsAsExit(error: ConfigError): Exit {
  return new Exit(
    exitCodes.badInput,
    error.faults.map((fault) => `${fault.where}  ${fault.field}: ${fault.problem}`).join('\n'),
  )
}
