import type { Logger } from 'pino'
import { personByLogin } from '../../catalog/people.ts'
import type { AppEntry } from '../../catalog/schema.ts'
import { workloadOfApp } from '../../catalog/workloads.ts'
import type { Config } from '../../config.ts'
import { type Clusters, openClusters } from '../../services/kubernetes/api/clusters.ts'
import { textAt } from '../../services/kubernetes/api/json.ts'
import type { ClusterClient } from '../../services/kubernetes/api/types.ts'
import { mayI } from '../../services/kubernetes/rights/access-review.ts'
import { type Impersonation, impersonationOf } from '../../services/kubernetes/rights/impersonation.ts'
import {
  type NeededRight,
  type Needs,
  rightsToAct,
  rightsToLook,
  rightsToLookAtNodes,
} from '../../services/kubernetes/rights/rights.ts'
import { loginOf } from '../session.ts'
import type { CliWords } from '../words/words.ts'

/** One line of `rescue doctor`; `off` is not configured, which is no fault. */
export type Check = {
  readonly name: string
  readonly state: 'ok' | 'failed' | 'off'
  readonly detail: string
  readonly next?: string
}

/** Each cluster's version, and the rights that the catalog's apps need in it and in each of their namespaces. */
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
    const bot = clusters.get(cluster)
    const version = textAt(await bot.get('/version', {}, { timeoutMs: 3_000 }), 'gitVersion')
    // Where the catalog impersonates, what counts for a change are the rights of the person who acts.
    const impersonates = config.catalog.clusters[cluster]?.impersonate === true
    const person = impersonates ? personByLogin(config.catalog, loginOf(config)).entry?.kubernetes : undefined
    const acting = clusters.get(cluster, person)
    const how = person === undefined ? undefined : await impersonationOf(bot, acting, person)
    const apps = Object.values(config.catalog.apps).filter((app) => app.cluster === cluster)
    const namespaces = [...Map.groupBy(apps, (app) => app.namespace)]
    const rights = await Promise.all([
      checkRights(cluster, '', [{ client: bot, rights: rightsToLookAtNodes }], words, how),
      ...namespaces.map(([namespace, there]) =>
        checkRights(namespace, namespace, askedOf(needsOf(there), bot, acting, how), words),
      ),
    ])
    return [{ name, state: 'ok', detail: version ?? words.doctor.answers }, ...rights]
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return [{ name, state: 'failed', detail, next: words.doctor.fix.cluster }]
  }
}

type Asked = { readonly client: ClusterClient; readonly rights: readonly NeededRight[] }

function askedOf(needs: Needs, bot: ClusterClient, acting: ClusterClient, how: Impersonation | undefined): Asked[] {
  const look = { client: bot, rights: rightsToLook(needs) }
  const act = { client: acting, rights: rightsToAct(needs) }
  if (how?.kind === 'denied') return [look]
  if (how?.kind !== 'constrained') return [look, act]
  const onBehalf = act.rights.map((right) => ({ ...right, verb: `impersonate-on:user-info:${right.verb}` }))
  return [look, act, { client: bot, rights: onBehalf }]
}

function needsOf(apps: readonly AppEntry[]): Needs {
  const kinds = apps.flatMap((app) =>
    (app.colors?.sides ?? [app]).map(({ workload }) => workloadOfApp({ ...app, workload }).kind),
  )
  return {
    kinds: [...new Set(kinds)],
    routes: [...new Set(apps.flatMap((app) => app.colors?.route.kind ?? []))],
  }
}

async function checkRights(
  where: string,
  namespace: string,
  asked: readonly Asked[],
  words: CliWords,
  how?: Impersonation,
): Promise<Check> {
  const answers = await Promise.all(
    asked.flatMap(({ client, rights }) =>
      rights.map(async (right) => ({ ...right, may: await mayI(client, { ...right, namespace }) })),
    ),
  )
  const denied = [...answers.filter(({ may }) => !may), ...(how?.kind === 'denied' ? [how.right] : [])]
  const missing = [...new Set(denied.map(({ verb, resource }) => `${verb} ${resource}`))]
  const name = words.doctor.rights(where)
  if (missing.length > 0)
    return { name, state: 'failed', detail: words.doctor.mayNot(missing.join(', ')), next: words.doctor.fix.rights }
  return { name, state: 'ok', detail: words.doctor.mayAll(answers.length) }
}
