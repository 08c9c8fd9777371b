import type { Logger } from 'pino'
import { personByLogin } from '../catalog/people.ts'
import type { Config } from '../config.ts'
import { mayI } from '../services/kubernetes/access-review.ts'
import type { ClusterClient } from '../services/kubernetes/client.ts'
import { type Clusters, openClusters } from '../services/kubernetes/clusters.ts'
import { textAt } from '../services/kubernetes/json.ts'
import { loginOf } from './session.ts'
import type { CliWords } from './words.ts'

/** One line of `rescue doctor`; `off` is not configured, which is no fault. */
export type Check = {
  readonly name: string
  readonly state: 'ok' | 'failed' | 'off'
  readonly detail: string
  readonly next?: string
}

/** Each cluster's version, and the rights that a rollback needs in each namespace of its apps. */
export async function checkClusters(config: Config, log: Logger, words: CliWords): Promise<Check[]> {
  const clusters = openClusters(config.catalog, config.environment.KUBECONFIG, log)
  try {
    const names = Object.keys(config.catalog.clusters)
    return (await Promise.all(names.map((name) => checkCluster(config, clusters, name, words)))).flat()
  } finally {
    await clusters.close()
  }
}

async function checkCluster(config: Config, clusters: Clusters, cluster: string, words: CliWords): Promise<Check[]> {
  const name = words.doctor.cluster(cluster)
  try {
    // Where the catalog impersonates, the rights of the person who acts are what counts.
    const client = clusters.get(cluster, personByLogin(config.catalog, loginOf(config)).entry?.kubernetes)
    const version = textAt(await client.get('/version', {}, { timeoutMs: 3_000 }), 'gitVersion')
    const apps = Object.values(config.catalog.apps).filter((app) => app.cluster === cluster)
    const rights = [...new Set(apps.map((app) => app.namespace))].map((namespace) => {
      const kinds = apps.filter((app) => app.namespace === namespace).map((app) => `${app.workload.split('/')[0]}s`)
      return checkRights(client, namespace, [...new Set(kinds)], words)
    })
    return [{ name, state: 'ok', detail: version ?? words.doctor.answers }, ...(await Promise.all(rights))]
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return [{ name, state: 'failed', detail, next: words.doctor.fix.cluster }]
  }
}

async function checkRights(
  client: ClusterClient,
  namespace: string,
  resources: readonly string[],
  words: CliWords,
): Promise<Check> {
  const asked = resources.flatMap((resource) => ['get', 'patch'].map((verb) => ({ verb, resource })))
  const answers = await Promise.all(
    asked.map(async (right) => ({ ...right, may: await mayI(client, { ...right, group: 'apps', namespace }) })),
  )
  const missing = answers.filter(({ may }) => !may).map(({ verb, resource }) => `${verb} ${resource}`)
  const name = words.doctor.rights(namespace)
  if (missing.length > 0)
    return { name, state: 'failed', detail: words.doctor.mayNot(missing.join(', ')), next: words.doctor.fix.rights }
  return { name, state: 'ok', detail: `${words.doctor.mayAll} ${resources.join(', ')}` }
}
