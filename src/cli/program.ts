import { CommanderError } from 'commander'
import { inLanguage } from '../texts/language.ts'
import { commands } from './commands.ts'
import { type Ending, Exit, exitCodes, notBegun } from './exit.ts'
import { helpLanguage } from './help-language.ts'
import { codeOf } from './screen/interrupt.ts'
import { type Io, makeIo } from './screen/io.ts'
import { usageFault } from './usage.ts'
import { helpWords } from './words/help.ts'

/** Parses the arguments, runs one command and ends the process; the only place that writes answers. */
export async function program(args: readonly string[]): Promise<void> {
  const io = makeIo(args)
  const ending = await endingOf(io, args)
  const { code, text, note } = ending
  if (note !== undefined && note !== '') io.err.line(note)
  if (io.json && ending.answer !== undefined) io.out.write(`${JSON.stringify(ending.answer)}\n`)
  else if (text !== undefined && text !== '') io.out.write(`${text}\n`)
  const signal = io.interrupt.asked()
  // Kept connections of libraries must not hold the terminal.
  process.exit(signal === undefined ? code : codeOf(signal))
}

async function endingOf(io: Io, args: readonly string[]): Promise<Ending> {
  const words = inLanguage(helpWords, { language: await helpLanguage(io) })
  let ending: Ending = { code: exitCodes.ok }
  const cli = commands(io, words, async (body) => {
    ending = await body()
  })
  if (args.length === 0) return { code: exitCodes.badInput, note: cli.helpInformation().trimEnd() }
  try {
    await cli.parseAsync([...args], { from: 'user' })
    return ending
  } catch (error) {
    return endingOfError(error, () => {
      const name = cli.commands.find((command) => command.name() === args[0])?.name()
      return { command: name === undefined ? 'rescue' : `rescue ${name}`, words }
    })
  }
}

type Called = Parameters<typeof usageFault> extends [unknown, infer C, infer W] ? { command: C; words: W } : never

async function endingOfError(error: unknown, called: () => Called): Promise<Ending> {
  if (error instanceof Exit) return told(error)
  if (error instanceof CommanderError) {
    // Help and version have been written.
    if (error.exitCode === 0) return { code: exitCodes.ok }
    const { command, words } = called()
    return told(usageFault(error, command, words))
  }
  const message = error instanceof Error ? error.message : String(error)
  return told(notBegun(exitCodes.failed, 'unexpected', message))
}

async function told({ code, message, answer }: Exit): Promise<Ending> {
  const { withoutSecrets } = await import('../log.ts')
  return { code, note: withoutSecrets(message), answer }
}
