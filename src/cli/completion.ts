import type { Command } from 'commander'
import { type Ending, exitCodes, notBegun } from './exit.ts'

/** What can follow a command: its options, and for its first word the catalog's apps or words of its own. */
type Entry = {
  readonly name: string
  readonly description: string
  readonly options: readonly { readonly flag: string; readonly about: string; readonly value: boolean }[]
  readonly words: readonly string[]
  readonly apps: boolean
}

const wordsOf: Readonly<Record<string, readonly string[]>> = {
  audit: ['verify'],
  completion: ['bash', 'zsh', 'fish'],
}

/** A script for a shell to load, made from the commands themselves. @throws Exit with 2 for a shell that is not known */
export async function completion(cli: Command, shell: string, unknown: (shell: string) => string): Promise<Ending> {
  const entries = cli.commands.filter((command) => command.name() !== 'names').map(entryOf)
  const scripts: Readonly<Record<string, (entries: readonly Entry[]) => string>> = { bash, zsh, fish }
  const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined
  if (script === undefined)
    throw notBegun(exitCodes.badInput, 'unknown_shell', unknown(shell), { field: 'shell', value: shell })
  return { code: exitCodes.ok, text: script(entries).trimEnd() }
}

function entryOf(command: Command): Entry {
  const first = command.registeredArguments[0]
  return {
    name: command.name(),
    description: command.description(),
    options: command.options.flatMap((option) =>
      option.long === undefined || option.long === null
        ? []
        : [{ flag: option.long, about: option.description, value: option.required }],
    ),
    words: wordsOf[command.name()] ?? [],
    apps: ['app', 'name'].includes(first?.name() ?? ''),
  }
}

const names = 'rescue names 2>/dev/null'
const flags = ({ options }: Entry): string => options.map(({ flag }) => flag).join(' ')

function bash(entries: readonly Entry[]): string {
  const cases = entries.map((entry) => {
    const first = entry.apps ? `$(${names})` : entry.words.join(' ')
    return `    ${entry.name}) words="${flags(entry)}"; [ "$COMP_CWORD" -eq 2 ] && words="$words ${first}" ;;`
  })
  return `_rescue() {
  local words=""
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${entries.map(({ name }) => name).join(' ')}"; fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _rescue rescue
`
}

const single = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
/** In zsh's lists a colon separates a word from what it means. */
const pair = (word: string, about: string): string => single(`${word.replaceAll(':', '\\:')}:${about}`)

function zsh(entries: readonly Entry[]): string {
  const cases = entries.map((entry) => {
    const first = entry.apps ? `\${(f)"$(${names})"}` : entry.words.join(' ')
    const words = first === '' ? '' : `(( CURRENT == 3 )) && compadd -- ${first}; `
    return `    ${entry.name}) ${words}list=(${entry.options.map(({ flag, about }) => pair(flag, about)).join(' ')}) ;;`
  })
  return `#compdef rescue
_rescue() {
  local -a list
  if (( CURRENT == 2 )); then
    list=(${entries.map(({ name, description }) => pair(name, description)).join(' ')})
    _describe rescue list
    return
  fi
  case "\${words[2]}" in
${cases.join('\n')}
  esac
  (( \${#list} )) && _describe option list
}
compdef _rescue rescue
`
}

function fish(entries: readonly Entry[]): string {
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const lines = entries.flatMap((entry) => {
    const on = `complete -c rescue -n '__fish_seen_subcommand_from ${entry.name}'`
    const first = entry.apps ? `(${names})` : entry.words.join(' ')
    return [
      `complete -c rescue -f -n __fish_use_subcommand -a ${entry.name} -d ${quoted(entry.description)}`,
      ...(first === '' ? [] : [`${on} -f -a ${quoted(first)}`]),
      ...entry.options.map(
        ({ flag, about, value }) => `${on} ${value ? '-r ' : ''}-l ${flag.slice(2)} -d ${quoted(about)}`,
      ),
    ]
  })
  return `${['complete -c rescue -f', ...lines].join('\n')}\n`
}
