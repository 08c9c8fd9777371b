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
  /** Releases that save themselves. */
  readonly saves: number
  /** Releases that begin to loop, one each tenth of a second, among a thousand that are watched. */
  readonly loops: number
  /** Of the engine alone; none: left out. */
  readonly decisions: number
  /** How many times faster than in life pods start: a slow one takes 25 s divided by this. */
  readonly speed: number
  /** Of the database that is restored: 250 bytes each, indexes included. */
  readonly restoredRows: number
  /** How often it is restored, by the bot and by the script. */
  readonly restores: number
}

export const full: Size = {
  starts: 7,
  restSeconds: 60,
  rounds: 25,
  commands: 200,
  forms: 100,
  pods: 10_000,
  loops: 300,
  decisions: 100,
  saves: 10,
  speed: 2,
  restoredRows: 2_700_000,
  restores: 2,
}
export const short: Size = {
  starts: 3,
  restSeconds: 10,
  rounds: 8,
  commands: 60,
  forms: 30,
  pods: 10_000,
  loops: 100,
  decisions: 0,
  saves: 3,
  speed: 4,
  restoredRows: 150_000,
  restores: 1,
}

/** Runs at once, and requests at once for one app: what the limits speak of. */
export const atOnce = 20
