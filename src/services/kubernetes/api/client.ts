import type { Logger } from 'pino'
import type { ClusterEntry } from '../../../catalog/schema.ts'
import { openAccess } from './access.ts'
import { makeClient } from './make-client.ts'
import type { ClusterClient, Impersonated } from './types.ts'

export type ConnectOptions = {
  readonly kubeconfigFile?: string | undefined
  readonly impersonate?: Impersonated | undefined
  readonly log: Logger
}

/**
 * Configuration and authentication are those of KubeConfig (exec plugins, token files, client certificates, proxies, in-cluster account).
 * @throws Error when the configuration cannot be read or the context is unknown
 */
export function connectCluster(entry: ClusterEntry, options: ConnectOptions): ClusterClient {
  return makeClient(openAccess(entry, options.kubeconfigFile), { sent: 0 }, options.log, options.impersonate)
}
