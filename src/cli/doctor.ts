import { join } from 'node:path'
import type { Logger } from 'pino'
import { personByLogin } from '../catalog/people.ts'
import type { Language } from '../catalog/schema.ts'
import { ConfigError } from '../config/faults.ts'
import { type Config, readConfig } from '../config.ts'
import { makeLog } from '../log.ts'
import { attempt } from '../services/slack/errors.ts'
import { openLanes } from '../services/slack/lanes.ts'
import { openDb } from '../store/db.ts'
import { startEmbedded } from '../store/embedded/start.ts'
import { inLanguage } from '../texts/language.ts'
import { type Check, checkClusters } from './doctor-clusters.ts'
import { exitCodes } from './exit.ts'
import { loginOf } from './session.ts'
import { table } from './terminal.ts'
import { type CliWords, cliWords } from './words.ts'

const shapes: Record<Check['state'], string> = { ok: '✓', failed: '✗', off: '■' }

/** Asks everything that the bot depends on and changes nothing. Ends with 1 when something that is configured does not work. */
export async function doctor(options: { readonly json?: boolean }): Promise<void> {
  const checks = await allChecks()
  const ok = checks.every((it) => it.state !== 'failed')
  const text =
    options.json === true
      ? JSON.stringify({ ok, checks })
      : table(
          checks.map((it) => [
            `${shapes[it.state]} ${it.name}`,
            it.detail,
            it.next === undefined ? '' : `→ ${it.next}`,
          ]),
        )
  process.stdout.write(`${text}\n`)
  process.exitCode = ok ? exitCodes.ok : exitCodes.failed
}

async function allChecks(): Promise<readonly Check[]> {
  let config: Config
  try {
    config = await readConfig()
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(catalogFault)
    throw error
  }
  const words = inLanguage(cliWords, config.catalog)
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
  ])
  return [catalog, actor(config, words), ...others.flat(), pagerduty(config, words)]
}

/** Without a catalog its language is not known. */
function catalogFault(fault: { readonly where: string; readonly field: string; readonly problem: string }): Check {
  const language: Language = 'en'
  const { doctor: words } = inLanguage(cliWords, { language })
  return { name: fault.where, state: 'failed', detail: `${fault.field}: ${fault.problem}`, next: words.fix.catalog }
}

function actor(config: Config, words: CliWords): Check {
  const login = loginOf(config)
  const { entry, name } = personByLogin(config.catalog, login)
  if (entry !== undefined) return { name: words.doctor.actor, state: 'ok', detail: `${name} (${entry.role})` }
  return { name: words.doctor.actor, state: 'failed', detail: words.unknownLogin(login), next: words.doctor.fix.actor }
}

async function checkStore(config: Config, log: Logger, words: CliWords): Promise<Check> {
  const { DATABASE_URL: given, RESCUE_DATA: data } = config.environment
  const name = words.doctor.store
  try {
    const store =
      given === undefined
        ? await startEmbedded({ folder: join(data, 'postgres'), guest: true })
        : { url: given, stop: async () => undefined }
    const db = openDb(store.url, { log, max: 1 })
    try {
      const { rows } = await db.query<{ version: string }>(`select current_setting('server_version') as version`)
      const what = given === undefined ? words.doctor.embedded : 'PostgreSQL'
      return { name, state: 'ok', detail: `${what} ${rows[0]?.version ?? ''}`.trim() }
    } finally {
      await db.close()
      await store.stop()
    }
  } catch (error) {
    return { name, state: 'failed', detail: messageOf(error), next: words.doctor.fix.store }
  }
}

async function checkSlack(config: Config, log: Logger, words: CliWords): Promise<Check> {
  const { SLACK_BOT_TOKEN: token, SLACK_API_URL: apiUrl } = config.environment
  const { fix, off } = words.doctor
  if (token === undefined) return { name: 'Slack', state: 'off', detail: off, next: fix.slackOff }
  const answer = await attempt(() => openLanes({ token, apiUrl, log }).state.auth.test())
  if (answer.kind === 'ok') {
    const { user, team } = answer.value
    return { name: 'Slack', state: 'ok', detail: [user, team].filter((part) => part !== undefined).join(' · ') }
  }
  const detail = answer.kind === 'rate_limited' ? answer.kind : answer.error
  return { name: 'Slack', state: 'failed', detail, next: fix.slack }
}

function pagerduty(config: Config, words: CliWords): Check {
  const { configured, off, fix } = words.doctor
  return config.environment.PAGERDUTY_ROUTING_KEY === undefined
    ? { name: 'PagerDuty', state: 'off', detail: off, next: fix.pagerduty }
    : { name: 'PagerDuty', state: 'ok', detail: configured }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
