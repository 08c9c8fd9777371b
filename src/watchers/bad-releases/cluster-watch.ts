import type { Logger } from 'pino'
import type { WorkloadAddress } from '../../services/kubernetes/api/paths.ts'
import type { ClusterClient } from '../../services/kubernetes/api/types.ts'
import type { OnBadRelease } from './types.ts'

/** An app and where it lives. */
export type Placed = { readonly app: string; readonly windowSeconds: number; readonly workload: WorkloadAddress }
export type ClusterApps = readonly Placed[]

export type ClusterWatch = {
  readonly cluster: string
  readonly client: ClusterClient
  readonly placed: ClusterApps
  readonly onBad: OnBadRelease
  readonly signal: AbortSignal
  readonly clock: () => number
  readonly log: Logger
}
