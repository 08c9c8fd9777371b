/** How much is measured: enough for figures worth writing down, or enough for a pipeline to see what broke. */
export type Size = {
  /** Starts of the bot with a warm store. */
  readonly starts: number
  /** How long the bot is left alone before its memory is read. */
  readonly restSeconds: number
  /** Confirming clicks, and as many `kubectl rollout undo`. */
  readonly rounds: number
  /** Slash commands while 20 runs are working. */
  readonly commands: number
  /** Forms opened at rest. */
  readonly forms: number
  readonly pods: number
  /** Of the engine alone. */
  readonly decisions: number
}

export const full: Size = {
  starts: 7,
  restSeconds: 60,
  rounds: 25,
  commands: 200,
  forms: 100,
  pods: 10_000,
  decisions: 100,
}
export const short: Size = {
  starts: 3,
  restSeconds: 15,
  rounds: 8,
  commands: 80,
  forms: 30,
  pods: 10_000,
  decisions: 20,
}

/** Runs at once, and requests at once for one app: what the limits speak of. */
export const atOnce = 20
