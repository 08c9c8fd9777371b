import { userInfo } from 'node:os'
import { type Person, personByLogin } from '../catalog/people.ts'
import type { Language } from '../catalog/schema.ts'
import { ConfigError } from '../config/faults.ts'
import { type Config, readConfig } from '../config.ts'
import { makeLog } from '../log.ts'
import type { Desk } from '../operations/desk.ts'
import { startCore } from '../rescue.ts'
import type { Actor } from '../store/types.ts'
import { Exit, exitCodes } from './exit.ts'

export type Session = {
  readonly desk: Desk
  readonly person: Person
  readonly actor: Actor
  readonly language: Language
}

/**
 * Opens the same core as the bot: the same operations, policies, approvals and audit, without Slack. A run that this
 * process leaves behind is gone on with by the bot.
 */
export async function withSession<T>(body: (session: Session) => Promise<T>): Promise<T> {
  const config = await configuration()
  const log = makeLog(config.environment.LOG_LEVEL === 'info' ? 'fatal' : config.environment.LOG_LEVEL)
  const core = await startCore(config, log, () => process.exit(exitCodes.failed), true).catch((error: unknown) => {
    if (error instanceof ConfigError) throw faultsAsExit(error)
    throw new Exit(
      exitCodes.failed,
      `The store cannot be reached: ${error instanceof Error ? error.message : String(error)}`,
    )
  })
  try {
    const login = config.environment.RESCUE_ACTOR ?? userInfo().username
    const person = personByLogin(config.catalog, login)
    const actor: Actor = {
      kind: 'person',
      name: person.name,
      ...(person.slack === undefined ? {} : { slack: person.slack }),
    }
    return await body({ desk: core.desk, person, actor, language: config.catalog.language })
  } finally {
    await core.stop()
  }
}

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
