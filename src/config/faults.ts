/** One thing wrong with the configuration, said so that its place can be found. */
export type ConfigFault = {
  /** `environment`, or the catalog's file name with its line: `rescue.yml:12`. */
  readonly where: string
  readonly field: string
  readonly problem: string
}

/** The bot does not start; every fault is listed at once. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[]) {
    super(faults.map((fault) => `${fault.where}: ${fault.field}: ${fault.problem}`).join('\n'))
    this.name = 'ConfigError'
    this.faults = faults
  }
}
