import { hostname } from 'node:os'
import type { Logger } from 'pino'
import type { Environment } from './config/environment.ts'
import type { Config } from './config.ts'
import { launchCore, openGround } from './core.ts'
import { startDelivery } from './delivery/start.ts'
import type { PagerDutyLink } from './delivery/types.ts'
import { ruleOf } from './operations/decide.ts'
import type { Desk } from './operations/desk.ts'
import { startSlackApp } from './slack-app.ts'
import { startWatchers } from './watchers/start.ts'

export type Rescue = { readonly desk: Desk; stop(): Promise<void> }

/** The whole bot. Each part is stopped in the reverse order of its start. */
export async function startRescue(config: Config, log: Logger): Promise<Rescue> {
  const ground = await openGround(config, log, false)
  const core = await launchCore(ground, log, () => {
    log.fatal('this process lost its lock in the store; another takes its runs over')
    process.exit(1)
  })
  const pagerduty = pagerDutyOf(config.environment)
  const slack = await startSlackApp(core.desk, config.environment, log)
  const delivery = startDelivery({
    db: core.desk.services.db,
    catalog: config.catalog,
    log,
    ruleOf: (run) => ruleOf(core.desk, run),
    slack: slack.lanes,
    pagerduty,
  })
  const watchers = await startWatchers(core.desk, config.environment.METRICS_PORT, slack, log, pagerduty.rest)
  log.info({ host: hostname(), slack: slack.mode, apps: Object.keys(config.catalog.apps).length }, 'the bot is up')
  return {
    desk: core.desk,
    stop: async () => {
      await watchers.stop()
      await slack.stop()
      await delivery.stop()
      await core.stop()
      await ground.stop()
    },
  }
}

function pagerDutyOf(environment: Environment): PagerDutyLink {
  const { PAGERDUTY_ROUTING_KEY: routingKey, PAGERDUTY_API_TOKEN: token, PAGERDUTY_FROM: from } = environment
  return {
    events: routingKey === undefined ? undefined : { eventsUrl: environment.PAGERDUTY_EVENTS_URL, routingKey },
    rest:
      token === undefined || from === undefined ? undefined : { apiUrl: environment.PAGERDUTY_API_URL, token, from },
  }
}
