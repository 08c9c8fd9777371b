import { type Api, connectApi } from '../../../sandbox/kubelet/api.ts'
import { timed, until } from '../stats.ts'
import { type DatabaseWorld, database } from './world.ts'

export type Script = {
  /** Seconds of pg_restore alone, and of the application being away. */
  readonly restore: number
  readonly outage: number
}

const app = '/apis/apps/v1/namespaces/porttrack/deployments/porttrack-app'

/**
 * What people do without this program: the application scaled to 0, `pg_restore --clean` into the database itself, the application
 * scaled up again. Its pods start as the simulated cluster's do.
 */
export async function scriptOnce(world: DatabaseWorld): Promise<Script> {
  const api = connectApi(world.sandbox.facts.kubeconfig, 'bench')
  try {
    let restore = 0
    const outage = await timed(async () => {
      await scale(api, 0)
      restore = await timed(() =>
        world.tool('pg_restore', database, '--clean', '--if-exists', `--dbname=${database}`, world.archive),
      )
      await scale(api, 3)
    })
    return { restore: restore / 1000, outage: outage / 1000 }
  } finally {
    await api.close()
  }
}

async function scale(api: Api, replicas: number): Promise<void> {
  await api.write({ method: 'PATCH', patch: 'merge', path: app, body: { spec: { replicas } } })
  await until(
    `${replicas} pods`,
    async () => (Number((await status(api))['readyReplicas'] ?? 0) === replicas ? true : undefined),
    {
      seconds: 120,
      everyMs: 20,
    },
  )
}

async function status(api: Api): Promise<Record<string, unknown>> {
  const found = (await api.client.get(app))['status']
  return typeof found === 'object' && found !== null ? { ...found } : {}
}
