import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import { withoutSecrets } from '../../log.ts'
import { attempt } from '../../services/slack/errors.ts'
import { openLanes } from '../../services/slack/lanes.ts'
import { openDb } from '../../store/db.ts'
import { startEmbedded } from '../../store/embedded/start.ts'
import { botLock, isHeld } from '../../store/locks.ts'
import type { CliWords } from '../words/words.ts'
import type { Check } from './doctor-clusters.ts'

/** The store, and whether a bot runs on it. */
export async function checkStore(config: Config, log: Logger, words: CliWords): Promise<Check[]> {
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
      const runs = await isHeld(db, botLock)
      return [
        { name, state: 'ok', detail: `${what} ${rows[0]?.version ?? ''}`.trim() },
        {
          name: words.doctor.bot,
          state: runs ? 'ok' : 'off',
          detail: runs ? words.doctor.botRuns : words.doctor.botAway,
        },
      ]
    } finally {
      await db.close()
      await store.stop()
    }
  } catch (error) {
    const detail = withoutSecrets(error instanceof Error ? error.message : String(error))
    return [{ name, state: 'failed', detail, next: words.doctor.fix.store }]
  }
}

export async function checkSlack(config: Config, log: Logger, words: CliWords): Promise<Check> {
  const { SLACK_BOT_TOKEN: token, SLACK_API_URL: apiUrl } = config.environment
  const { fix, off, limited, noAnswer } = words.doctor
  if (token === undefined) return { name: 'Slack', state: 'off', detail: off, next: fix.slackOff }
  const answer = await attempt(() => openLanes({ token, apiUrl, log }).state.auth.test())
  if (answer.kind === 'ok') {
    const { user, team } = answer.value
    return { name: 'Slack', state: 'ok', detail: [user, team].filter((part) => part !== undefined).join(' · ') }
  }
  const detail =
    answer.kind === 'rate_limited' ? limited : answer.kind === 'away' ? noAnswer(answer.error) : answer.error
  return { name: 'Slack', state: 'failed', detail, next: fix.slack }
}
