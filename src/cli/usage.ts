import type { CommanderError } from 'commander'
import { type Exit, exitCodes, notBegun } from './exit.ts'
import type { HelpWords } from './words/help.ts'

const reasons: Readonly<Record<string, string>> = {
  'commander.unknownCommand': 'unknown_command',
  'commander.unknownOption': 'unknown_option',
  'commander.missingArgument': 'missing_argument',
  'commander.optionMissingArgument': 'missing_value',
  'commander.excessArguments': 'too_many_arguments',
  'commander.help': 'no_command',
}

/** A fault of the command line, said in the reader's language. @param command what was called, for the way to its help */
export function usageFault(error: CommanderError, command: string, words: HelpWords): Exit {
  const { faults } = words
  const message = error.message.replace(/^error: /, '')
  const named = /'([^']*)'/.exec(message)?.[1] ?? ''
  const nearest = /\(Did you mean (?:one of )?([^?]+)\?\)/.exec(message)?.[1]
  const reason = reasons[error.code] ?? 'usage'
  const sentences: Record<string, string> = {
    unknown_command: faults.unknownCommand(named),
    unknown_option: faults.unknownOption(named),
    missing_argument: faults.missingArgument(named.toUpperCase()),
    missing_value: faults.missingValue(named),
    too_many_arguments: faults.tooMany,
    no_command: faults.noCommand,
  }
  const text = [
    sentences[reason] ?? faults.other(message),
    nearest === undefined ? undefined : faults.nearest(nearest),
    faults.see(reason === 'unknown_command' || reason === 'no_command' ? 'rescue' : command),
  ]
  const detail = { value: named, command }
  return notBegun(exitCodes.badInput, reason, text.filter((part) => part !== undefined).join(' '), detail)
}
