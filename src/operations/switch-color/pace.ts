/** How often and how long the steps look; tests use shorter times. */
export type Pace = {
  readonly pollMs: number
  /** How long a cluster may not answer before a step gives up. */
  readonly awayMs: number
  /** How long the endpoints may take to follow. */
  readonly endpointsMs: number
  /** So many failed rounds in a row are a failed check. */
  readonly failuresInARow: number
}

export const standardPace: Pace = {
  pollMs: 1_000,
  awayMs: 30_000,
  endpointsMs: 30_000,
  failuresInARow: 3,
}
