import { join } from 'node:path'
import type { Logger } from 'pino'
import { sweepScratch } from './backups/scratch.ts'
import { ConfigError } from './config/faults.ts'
import type { Config } from './config.ts'
import type { Desk } from './operations/desk.ts'
import { operationRisks, operationsByName } from './operations/index.ts'
import { checkPolicies } from './operations/policy.ts'
import type { Services } from './operations/services.ts'
import { openClusters } from './services/kubernetes/api/clusters.ts'
import { openDb } from './store/db.ts'
import { startEmbedded } from './store/embedded/start.ts'
import { migrate } from './store/migrations.ts'

/** Store and clusters: enough to look, without an engine. */
export type Ground = {
  readonly services: Services
  /** Of the store, with its password: never for logs. */
  readonly url: string
  stop(): Promise<void>
}

/**
 * Opens the store and the clusters.
 * @param guest joins the embedded store of a bot that runs, instead of being refused as a second owner
 * @throws ConfigError when the catalog's policies speak of operations that are not there
 */
export async function openGround(config: Config, log: Logger, guest: boolean): Promise<Ground> {
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
  // Many terminals share one server with the bots.
  const db = openDb(store.url, { log, ...(guest ? { max: 4 } : {}) })
  const clusters = openClusters(catalog, environment.KUBECONFIG, log)
  const stop = async () => {
    await clusters.close()
    await db.close()
    await store.stop()
  }
  try {
    await migrate(db)
  } catch (error) {
    await stop()
    throw error
  }
  const scratch = join(environment.RESCUE_DATA, 'scratch')
  await sweepScratch(scratch)
  const services: Services = {
    catalog,
    db,
    log,
    scratch,
    cluster: (name, as) => clusters.get(name, as),
    secret: config.secret,
    postgresTools: { given: environment.RESCUE_POSTGRES_TOOLS, path: config.path },
    mongoTools: { given: environment.RESCUE_MONGO_TOOLS, path: config.path },
  }
  return { services, url: store.url, stop }
}

export type Core = {
  readonly desk: Desk
  /** @param drainMs how long runs that hold a target get to end here; 10 s unless told */
  stop(drainMs?: number): Promise<void>
}

/**
 * The engine on a ground: from here on this process takes part in running operations.
 * @param onLost called when this process lost its place among the replicas and must end
 */
export async function launchCore(ground: Ground, log: Logger, onLost: () => void): Promise<Core> {
  const { services, url } = ground
  // Loaded here: the engine is a third of a start, and whoever only looks does without.
  const [{ launchEngine }, { registerRunWorkflows }] = await Promise.all([
    import('./engine/launch.ts'),
    import('./operations/run/workflow.ts'),
  ])
  const desk: Desk = {
    services,
    operations: operationsByName,
    workflows: registerRunWorkflows(services, operationsByName),
  }
  const engine = await launchEngine({ databaseUrl: url, db: services.db, log, onLost })
  return { desk, stop: (drainMs) => engine.stop(drainMs) }
}
