/** How things are, as data for cards, the terminal and metrics. Times are ISO 8601. */

export type ComponentState = 'healthy' | 'progressing' | 'degraded' | 'down' | 'unknown'

export type ComponentKind = 'app' | 'database' | 'monitor'

export type PodLine = {
  readonly name: string
  readonly ready: boolean
  readonly phase: string
  readonly reason: string | undefined
  readonly restarts: number
  readonly node: string | undefined
  readonly startedAt: string | undefined
}

export type ComponentStatus = {
  readonly kind: ComponentKind
  readonly name: string
  /** `porttrack · deployment/porttrack-app`, or the database's engine. */
  readonly where: string
  readonly state: ComponentState
  /** One reason word of docs and texts: `pods_not_ready`, `unreachable`, `forbidden`, `scaled_to_zero`, ... */
  readonly reason: string | undefined
  readonly detail: string | undefined
  readonly ready: number | undefined
  readonly desired: number | undefined
  readonly revision: number | undefined
  readonly images: readonly string[]
  readonly pods: readonly PodLine[]
  /** How long the last health check took, and what failed in it. */
  readonly health: readonly { readonly name: string; readonly ok: boolean; readonly detail: string; readonly ms: number }[]
  /** The run that holds or concerns it now. */
  readonly run: { readonly id: string; readonly operation: string; readonly by: string; readonly state: string } | undefined
}

export type SystemStatus = {
  readonly components: readonly ComponentStatus[]
  readonly asOf: string
  readonly tookMs: number
}
