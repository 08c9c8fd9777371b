import { personByLogin } from '../../catalog/people.ts'
import type { Language } from '../../catalog/schema.ts'
import { ConfigError, type ConfigFault } from '../../config/faults.ts'
import { type Config, readConfig } from '../../config.ts'
import { makeLog } from '../../log.ts'
import { inLanguage } from '../../texts/language.ts'
import { type Ending, exitCodes } from '../exit.ts'
import { helpLanguage } from '../help-language.ts'
import type { Io } from '../screen/io.ts'
import type { Style } from '../screen/screen.ts'
import { table } from '../screen/table.ts'
import { loginOf } from '../session.ts'
import { type CliWords, cliWords } from '../words/words.ts'
import { type Check, checkClusters } from './doctor-clusters.ts'
import { checkDatabases } from './doctor-databases.ts'
import { checkSlack, checkStore } from './doctor-services.ts'

const shapes: Record<Check['state'], string> = { ok: '✓', failed: '✗', off: '■' }
const styles: Record<Check['state'], Style> = { ok: 'green', failed: 'red', off: 'dim' }

/** Asks everything that the bot depends on and changes nothing. Ends with 1 when something that is configured does not work. */
export async function doctor(io: Io): Promise<Ending> {
  const language = await helpLanguage(io)
  const words = inLanguage(cliWords, { language })
  const checks = await allChecks(words, language)
  const ok = checks.every((it) => it.state !== 'failed')
  const rows = checks.map((it) => [
    `${io.out.paint(styles[it.state], shapes[it.state])} ${it.name}`,
    it.detail,
    it.next === undefined ? '' : `→ ${it.next}`,
  ])
  const head = words.heads.doctor.map((cell) => io.out.paint('dim', cell))
  return {
    code: ok ? exitCodes.ok : exitCodes.failed,
    text: table(head, rows, io.out.columns()),
    answer: { ok, checks },
  }
}

async function allChecks(words: CliWords, language: Language): Promise<readonly Check[]> {
  let config: Config
  try {
    config = await readConfig()
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map((fault) => faultCheck(fault, words))
    throw error
  }
  const log = makeLog('silent')
  const { apps, people } = config.catalog
  const catalog: Check = {
    name: words.doctor.catalog,
    state: 'ok',
    detail: words.doctor.counted(Object.keys(apps).length, Object.keys(people).length),
  }
  const others = await Promise.all([
    checkStore(config, log, words),
    checkClusters(config, log, words),
    checkSlack(config, log, words),
    checkDatabases(config, language),
  ])
  return [catalog, actor(config, words), ...others.flat(), pagerduty(config, words)]
}

function faultCheck(fault: ConfigFault, { doctor: { fix } }: CliWords): Check {
  const next = fault.where === 'environment' ? fix.environment : fix.catalog
  return { name: fault.where, state: 'failed', detail: `${fault.field}: ${fault.problem}`, next }
}

function actor(config: Config, words: CliWords): Check {
  const login = loginOf(config)
  const { entry, name } = personByLogin(config.catalog, login)
  if (entry !== undefined) return { name: words.doctor.actor, state: 'ok', detail: `${name} (${entry.role})` }
  return { name: words.doctor.actor, state: 'failed', detail: words.unknownLogin(login), next: words.doctor.fix.actor }
}

function pagerduty(config: Config, words: CliWords): Check {
  const { configured, off, fix } = words.doctor
  return config.environment.PAGERDUTY_ROUTING_KEY === undefined
    ? { name: 'PagerDuty', state: 'off', detail: off, next: fix.pagerduty }
    : { name: 'PagerDuty', state: 'ok', detail: configured }
}
