import type { Logger } from 'pino'
import type { Catalog } from '../../../catalog/schema.ts'
import { connectCluster } from './client.ts'
import type { ClusterClient, Impersonated } from './types.ts'

export type Clusters = {
  /** @throws Error when the catalog does not name the cluster, or its kubeconfig cannot be read */
  get(name: string, as?: Impersonated): ClusterClient
  close(): Promise<void>
}

/** The catalog's clusters, each connected when it is first needed: one that is away must not keep the bot from starting. */
export function openClusters(catalog: Catalog, kubeconfigFile: string | undefined, log: Logger): Clusters {
  const open = new Map<string, ClusterClient>()
  const connect = (name: string): ClusterClient => {
    const entry = catalog.clusters[name]
    if (entry === undefined) throw new Error(`the catalog names no cluster "${name}"`)
    return connectCluster(entry, { kubeconfigFile, log })
  }
  return {
    get: (name, as) => {
      const client = open.get(name) ?? connect(name)
      open.set(name, client)
      return as !== undefined && catalog.clusters[name]?.impersonate === true ? client.as(as) : client
    },
    close: async () => {
      await Promise.allSettled([...open.values()].map((client) => client.close()))
      open.clear()
    },
  }
}
