import { ConfigError } from './config/faults.ts'
import { readConfig } from './config.ts'
import { makeLog } from './log.ts'
import { startRescue } from './rescue.ts'

/** Configuration, then everything else; ends with 2 when the configuration is wrong, with all its faults listed. */
const config = await readConfig().catch((error: unknown) => {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`The bot does not start: ${error.faults.length} fault(s) in its configuration.\n`)
  for (const fault of error.faults) process.stderr.write(`  ${fault.where}  ${fault.field}: ${fault.problem}\n`)
  process.exit(2)
})

const log = makeLog(config.environment.LOG_LEVEL)
const rescue = await startRescue(config, log).catch((error: unknown) => {
  log.fatal({ err: error }, 'the bot could not start')
  process.exit(1)
})

let ending = false
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => {
    if (ending) return
    ending = true
    log.info({ signal }, 'stopping; runs go on when a bot is there again')
    void rescue.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not stop cleanly')
        process.exit(1)
      },
    )
  })
