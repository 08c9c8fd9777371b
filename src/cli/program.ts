import { Command, CommanderError } from 'commander'
import { withoutSecrets } from '../log.ts'
import { rollback, undo } from './act.ts'
import { completionScript } from './completion.ts'
import { approve, reject, stop } from './decisions.ts'
import { doctor } from './doctor.ts'
import { Exit, exitCodes } from './exit.ts'
import { showAudit, showRun, showRuns, showStatus } from './look.ts'

const json = ['--json', 'one JSON object on stdout, nothing else there'] as const

/** Every command with its options; completion is made from the same list. */
export function commands(): Command {
  const cli = new Command('rescue')
    .description('Undoes bad releases and brings systems back; the same operations, policies and audit as in Slack')
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(text) })

  cli
    .command('status')
    .description('tell the health of everything, or of one thing in depth')
    .argument('[name]', 'an app, database or monitor of the catalog')
    .option(...json)
    .action((name: string | undefined, options: { json?: boolean }) => showStatus(name, options))
  acting(cli.command('rollback').argument('<app>', 'an app of the catalog').description('roll an app back'))
    .option('--to <revision>', 'the revision; without it the last healthy one')
    .option('--emergency', 'break glass: at once, with a written reason, reviewed afterwards')
    .option('--reason <text>', 'why; kept in the audit')
    .action((app: string, options: Parameters<typeof rollback>[1]) => rollback(app, options))
  acting(cli.command('undo').argument('<run>', 'R-0042').description('plan the way back of a finished run')).action(
    (run: string, options: Parameters<typeof undo>[1]) => undo(run, options),
  )
  deciding(cli.command('approve').argument('<run>', 'R-0042').description('show the plan of a run and confirm it'))
    .option('--yes', 'do not ask for the run to be typed')
    .action(approve)
  deciding(cli.command('reject').argument('<run>', 'R-0042').description('say no to the plan of a run')).action(reject)
  deciding(cli.command('stop').argument('<run>', 'R-0042').description('stop a run before its next step')).action(stop)
  deciding(cli.command('runs').description('list the last runs'))
    .option('--limit <n>', 'how many', '15')
    .action(showRuns)
  deciding(cli.command('run').argument('<run>', 'R-0042').description('tell the steps and the outcome of a run'))
    .option('--follow', 'until it has ended')
    .action(showRun)
  deciding(
    cli.command('audit').argument('[what]', 'verify, or a run').description('show what was done by whom, or check it'),
  ).action(showAudit)
  deciding(cli.command('doctor').description('check catalog, store, clusters, Slack and PagerDuty')).action(doctor)
  cli
    .command('completion')
    .argument('<shell>', 'bash, zsh or fish')
    .description('print a script that completes commands and options')
    .action((shell: string) => void process.stdout.write(completionScript(cli, shell)))
  return cli
}

/** Parses the arguments and runs one command; the process ends with the codes of exit.ts. */
export async function program(args: readonly string[]): Promise<void> {
  const cli = commands()
  try {
    await cli.parseAsync([...args], { from: 'user' })
  } catch (error) {
    process.exitCode = ended(error)
  }
  // Kept connections of libraries must not hold the terminal.
  process.exit(process.exitCode ?? exitCodes.ok)
}

function acting(command: Command): Command {
  return command
    .option('--plan', 'show the plan and change nothing')
    .option('--yes', "confirm one's own part; never a second person's")
    .option('--no-wait', 'do not wait for a decision of others')
    .option('--follow', 'tell every step')
    .option(...json)
}

function deciding(command: Command): Command {
  return command.option(...json)
}

function ended(error: unknown): number {
  if (error instanceof Exit) {
    if (error.message !== '') process.stderr.write(`${withoutSecrets(error.message)}\n`)
    return error.code
  }
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput
  process.stderr.write(`${withoutSecrets(error instanceof Error ? error.message : String(error))}\n`)
  return exitCodes.failed
}
