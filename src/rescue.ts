import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Environment } from './config/environment.ts'
import { ConfigError } from './config/faults.ts'
import type { Config } from './config.ts'
import { startDelivery } from './delivery/start.ts'
import type { PagerDutyLink } from './delivery/types.ts'
import { launchEngine } from './engine/launch.ts'
import { ruleOf } from './operations/decide.ts'
import type { Desk } from './operations/desk.ts'
import { operationRisks, operationsByName } from './operations/index.ts'
import { checkPolicies } from './operations/policy.ts'
import { registerRunWorkflows } from './operations/run/workflow.ts'
import type { Services } from './operations/services.ts'
import { openClusters } from './services/kubernetes/clusters.ts'
import { startSlackApp } from './slack-app.ts'
import { openDb } from './store/db.ts'
import { startEmbedded } from './store/embedded/start.ts'
import { migrate } from './store/migrations.ts'
import { startWatchers } from './watchers/start.ts'

export type Rescue = { readonly desk: Desk; stop(): Promise<void> }

/**
 * The core without any surface: store, clusters, operations, engine. The terminal program uses it as it is.
 * @param guest joins the embedded store of a bot that runs, instead of being refused as a second owner
 * @param onLost called when this process lost its place among the replicas and must end
 * @throws ConfigError when the catalog's policies speak of operations that are not there
 */
export async function startCore(config: Config, log: Logger, onLost: () => void, guest = false): Promise<Rescue> {
  const { environment, catalog } = config
  const faults = checkPolicies(catalog, operationRisks)
  if (faults.length > 0) throw new ConfigError(faults)
  const store =
    environment.DATABASE_URL === undefined
      ? await startEmbedded({
          folder: join(environment.RESCUE_DATA, 'postgres'),
          onLog: (line) => log.info(line),
          guest,
        })
      : { url: environment.DATABASE_URL, stop: async () => undefined }
  const db = openDb(store.url, { log })
  await migrate(db)
  const clusters = openClusters(catalog, environment.KUBECONFIG, log)
  const services: Services = { catalog, db, log, cluster: (name, as) => clusters.get(name, as), secret: config.secret }
  const desk: Desk = {
    services,
    operations: operationsByName,
    workflows: registerRunWorkflows(services, operationsByName),
  }
  const engine = await launchEngine({ databaseUrl: store.url, db, log, onLost })
  return {
    desk,
    stop: async () => {
      await engine.stop()
      await clusters.close()
      await db.close()
      await store.stop()
    },
  }
}

/** The whole bot. Each part is stopped in the reverse order of its start. */
export async function startRescue(config: Config, log: Logger): Promise<Rescue> {
  const core = await startCore(config, log, () => {
    log.fatal('this process lost its lock in the store; another takes its runs over')
    process.exit(1)
  })
  const slack = await startSlackApp(core.desk, config.environment, log)
  const delivery = startDelivery({
    db: core.desk.services.db,
    catalog: config.catalog,
    log,
    ruleOf: (run) => ruleOf(core.desk, run),
    slack: slack.lanes,
    pagerduty: pagerDutyOf(config.environment),
  })
  const watchers = await startWatchers(core.desk, config.environment.METRICS_PORT, slack, log)
  log.info({ host: hostname(), slack: slack.mode, apps: Object.keys(config.catalog.apps).length }, 'the bot is up')
  return {
    desk: core.desk,
    stop: async () => {
      await watchers.stop()
      await slack.stop()
      await delivery.stop()
      await core.stop()
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
