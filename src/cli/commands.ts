import { Command, CommanderError } from 'commander'
import packageFile from '../../package.json' with { type: 'json' }
import type { Ending } from './exit.ts'
import type { Io } from './screen/io.ts'
import type { HelpWords } from './words/help.ts'

/** Runs a command and keeps how it ended. */
export type Runner = (body: () => Promise<Ending>) => Promise<void>

/**
 * Every command with its options; help and completion are made from the same list. What a command does is loaded when it is
 * called: help must not wait for a database driver.
 */
export function commands(io: Io, words: HelpWords, run: Runner): Command {
  const cli = root(io, words)
  const { commands: about, arguments: args, options, values } = words
  const json = (command: Command) => command.option('--json', options.json)
  const named = (name: keyof typeof about) =>
    json(cli.command(name).description(about[name]).usage(words.usage)).usage('')
  const acting = (name: keyof typeof about) =>
    named(name)
      .option('--plan', options.plan)
      .option('--yes', options.yes)
      .option('--no-wait', options.noWait)
      .option('--follow', options.follow)

  named('status')
    .argument('[what]', args.statusOf)
    .argument('[name]', args.thing)
    .action((what?: string, name?: string) =>
      run(async () => (await import('./status.ts')).showStatus(io, [what, name])),
    )
  acting('rollback')
    .argument('<app>', args.app)
    .option(`--to <${values.version}>`, options.to, valued('--to'))
    .option('--emergency', options.emergency)
    .option(`--reason <${values.text}>`, options.reason, valued('--reason'))
    .action((app: string, wishes: object) => run(async () => (await import('./request.ts')).rollback(io, app, wishes)))
  acting('recover')
    .argument('<what>', args.what)
    .argument('[name]', args.database)
    .option('--from <point>', options.from, valued('--from'), 'latest')
    .option('--copy', options.copy)
    .option('--scale', options.scale)
    .option('--table <table>', options.table, valued('--table'))
    .option('--schema <schema>', options.schema, valued('--schema'))
    .option('--only-live <keep|aside>', options.onlyLive, valued('--only-live'))
    .option(`--reason <${values.text}>`, options.reason, valued('--reason'))
    .action((what: string, name: string | undefined, given: object) =>
      run(async () => (await import('./recover.ts')).recover(io, what, name, given)),
    )
  acting('undo')
    .argument('<run>', args.run)
    .option(`--reason <${values.text}>`, options.reason, valued('--reason'))
    .action((id: string, given: object) => run(async () => (await import('./request.ts')).undo(io, id, given)))
  named('guard')
    .argument('<app>', args.app)
    .option(`--timeout <${values.time}>`, options.timeout, valued('--timeout'), '5m')
    .option(`--settle <${values.time}>`, options.settle, valued('--settle'), '15s')
    .option('--undo', options.undoBad)
    .option('--no-wait', options.noWait)
    .action((app: string, given: { timeout: string; settle: string }) =>
      run(async () => (await import('./guard/guard.ts')).guard(io, app, given)),
    )
  named('approve')
    .argument('<run>', args.run)
    .option('--yes', options.approveYes)
    .option('--follow', options.approveFollow)
    .action((id: string, given: object) => run(async () => (await import('./decisions.ts')).approve(io, id, given)))
  named('reject')
    .argument('<run>', args.run)
    .action((id: string) => run(async () => (await import('./decisions.ts')).reject(io, id)))
  named('stop')
    .argument('<run>', args.run)
    .action((id: string) => run(async () => (await import('./decisions.ts')).stop(io, id)))
  named('runs')
    .option(`--limit <${values.number}>`, options.limit, valued('--limit'), '15')
    .action((given: { limit: string }) => run(async () => (await import('./runs.ts')).showRuns(io, given.limit)))
  named('run')
    .argument('<run>', args.run)
    .option('--follow', options.follow)
    .action((id: string, given: object) => run(async () => (await import('./runs.ts')).showRun(io, id, given)))
  named('audit')
    .argument('[what]', args.audit)
    .action((what?: string) => run(async () => (await import('./audit.ts')).showAudit(io, what)))
  named('locks').action(() => run(async () => (await import('./lookups.ts')).showLocks(io)))
  named('reviews').action(() => run(async () => (await import('./lookups.ts')).showReviews(io)))
  named('policy').action(() => run(async () => (await import('./lookups.ts')).showPolicy(io)))
  named('doctor').action(() => run(async () => (await import('./doctor/doctor.ts')).doctor(io)))
  cli
    .command('completion')
    .description(about.completion)
    .usage('')
    .argument('<shell>', args.shell)
    .action((shell: string) =>
      run(async () => (await import('./completion.ts')).completion(cli, shell, words.faults.unknownShell)),
    )
  cli
    .command('names', { hidden: true })
    .argument('[what]')
    .action((what?: string) => run(async () => (await import('./names.ts')).catalogNames(io, what)))
  return cli
}

function root(io: Io, words: HelpWords): Command {
  const { titles, options } = words
  const translated: Readonly<Record<string, string>> = titles
  return new Command('rescue')
    .description(words.about)
    .version(packageFile.version, '-V, --version', options.version)
    .helpOption('-h, --help', options.help)
    .helpCommand(`help [${words.command}]`, words.helpAbout)
    .addHelpText('after', `\n${words.after}`)
    .exitOverride()
    .configureOutput({ writeOut: io.out.write, writeErr: () => undefined })
    .configureHelp({
      styleTitle: (title) => io.out.paint('bold', translated[title] ?? title),
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(nameOf)].join(' '),
      optionDescription: ({ description, defaultValue }) =>
        typeof defaultValue === 'string' ? `${description} (${words.without(defaultValue)})` : description,
      commandUsage: (command) => usageOf(command, words),
    })
}

/** An option that is followed by another one was left without its value. */
const valued = (flag: string) => (value: string) => {
  if (!value.startsWith('--')) return value
  throw new CommanderError(1, 'commander.optionMissingArgument', `option '${flag}' argument missing`)
}

function usageOf(command: Command, words: HelpWords): string {
  if (command.parent === null) return `rescue ${words.command} ${words.usage}`
  return ['rescue', command.name(), ...command.registeredArguments.map(nameOf), words.usage].join(' ')
}

const nameOf = (argument: { readonly required: boolean; name(): string }): string =>
  argument.required ? argument.name().toUpperCase() : `[${argument.name()}]`
