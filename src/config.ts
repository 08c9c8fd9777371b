import { describeIssue } from './catalog/issues.ts'
import { readCatalog } from './catalog/read.ts'
import type { Catalog, SecretName } from './catalog/schema.ts'
import { type Environment, environmentSchema } from './config/environment.ts'
import { ConfigError, type ConfigFault } from './config/faults.ts'
import { checkSecretNames, readSecret } from './config/secrets.ts'

export type Config = {
  readonly environment: Environment
  readonly catalog: Catalog
  /** The value of a secret that the catalog names; read at each use, so that rotation needs no restart. */
  readonly secret: (name: SecretName) => Promise<string>
  /** The folders of PATH, where programs of databases may be. Absent: not looked into. */
  readonly path?: readonly string[]
}

/**
 * The only reader of process.env. Reads the environment and the catalog and checks both before anything starts.
 * @throws ConfigError that lists every fault of both at once, with line numbers for the catalog.
 */
export async function readConfig(variables: NodeJS.ProcessEnv = process.env): Promise<Config> {
  const faults: ConfigFault[] = []
  const environment = readEnvironment(variables, faults)
  const path = environment?.RESCUE_CATALOG ?? (variables['RESCUE_CATALOG'] || './rescue.yml')
  const catalog = await readCatalog(path).catch((error: unknown) => {
    if (!(error instanceof ConfigError)) throw error
    faults.push(...error.faults)
    return undefined
  })
  if (catalog !== undefined) faults.push(...(await checkSecretNames(catalog, variables)))
  if (environment === undefined || catalog === undefined || faults.length > 0) throw new ConfigError(faults)
  const folders = (variables['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'))
  return { environment, catalog, secret: (name) => readSecret(name, variables), path: folders }
}

function readEnvironment(variables: NodeJS.ProcessEnv, faults: ConfigFault[]): Environment | undefined {
  // An empty variable means "not set", as in a Compose file or a CI form left blank.
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const parsed = environmentSchema.safeParse(given)
  if (!parsed.success) {
    // The value is left out: it may be a secret.
    for (const issue of parsed.error.issues)
      for (const fault of describeIssue({ ...issue, input: undefined } as typeof issue))
        faults.push({ where: 'environment', field: fault.path.map(String).join('.'), problem: fault.problem })
    return undefined
  }
  faults.push(...pairs(parsed.data))
  return parsed.data
}

/** Variables that are useless without each other. */
function pairs(environment: Environment): ConfigFault[] {
  const missing = (field: string, problem: string): ConfigFault => ({ where: 'environment', field, problem })
  const faults: ConfigFault[] = []
  if (environment.SLACK_APP_TOKEN !== undefined && environment.SLACK_BOT_TOKEN === undefined)
    faults.push(missing('SLACK_BOT_TOKEN', 'is missing; SLACK_APP_TOKEN alone can receive but not answer'))
  if (
    environment.SLACK_BOT_TOKEN !== undefined &&
    environment.SLACK_APP_TOKEN === undefined &&
    environment.SLACK_SIGNING_SECRET === undefined
  )
    faults.push(missing('SLACK_SIGNING_SECRET', 'is missing; set it (HTTP), or SLACK_APP_TOKEN (Socket Mode)'))
  if (environment.PAGERDUTY_API_TOKEN !== undefined && environment.PAGERDUTY_FROM === undefined)
    faults.push(missing('PAGERDUTY_FROM', "is missing; PagerDuty's REST API needs the e-mail address of a user"))
  return faults
}
