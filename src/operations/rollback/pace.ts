/** How often and how long the steps look; tests use shorter times. */
export type Pace = {
  readonly pollMs: number
  /** How long a cluster may not answer before a step gives up. */
  readonly awayMs: number
  /** How long a trouble that sometimes cures itself (a registry's hiccup) is given. */
  readonly graceMs: number
  readonly healthTries: number
  readonly healthPauseMs: number
  /** How long the template is watched after the service is healthy; longer where a repository owns the workload. */
  readonly flipBackMs: number
  readonly flipBackOwnedMs: number
}

export const standardPace: Pace = {
  pollMs: 1_000,
  awayMs: 30_000,
  graceMs: 15_000,
  healthTries: 5,
  healthPauseMs: 2_000,
  flipBackMs: 4_000,
  flipBackOwnedMs: 20_000,
}
