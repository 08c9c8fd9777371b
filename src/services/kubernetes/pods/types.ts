/**
 * Why a pod is not ready. `failing`: by its own fault, it will not become ready alone. `starting`: not yet.
 * `node`: the node or the cluster ended it or has no place for it; another revision would fare no better.
 */
export type PodTrouble = {
  readonly pod: string
  readonly podHash: string
  readonly state: 'failing' | 'starting' | 'node'
  /** CrashLoopBackOff, ImagePullBackOff, OOMKilled, Unhealthy, Unschedulable, ContainerCreating, ... */
  readonly reason: string
  readonly message: string
  readonly container: string | undefined
  readonly restarts: number
  readonly exitCode: number | undefined
  readonly node: string | undefined
}
