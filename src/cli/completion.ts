import type { Command } from 'commander'
import { type Ending, exitCodes, notBegun } from './exit.ts'

/** What can follow a command: its options, for its first word words of its own or names of the catalog, then more names. */
type Entry = {
  readonly name: string
  readonly description: string
  readonly options: readonly { readonly flag: string; readonly about: string; readonly value: boolean }[]
  readonly words: readonly string[]
  /** What prints the names that may follow, as its first word and as its second. */
  readonly names: readonly [string | undefined, string | undefined]
}

const apps = 'rescue names 2>/dev/null'
const databases = 'rescue names databases 2>/dev/null'
const all = 'rescue names all 2>/dev/null'

const wordsOf: Readonly<Record<string, readonly string[]>> = {
  audit: ['verify'],
  recover: ['db', 'mongo'],
  status: ['app', 'db', 'node', 'monitoring'],
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
    names: namesAfter[command.name()] ?? [first?.name() === 'app' ? apps : undefined, undefined],
  }
}

const namesAfter: Readonly<Record<string, Entry['names']>> = {
  recover: [undefined, databases],
  status: [all, all],
}

const flags = ({ options }: Entry): string => options.map(({ flag }) => flag).join(' ')

function bash(entries: readonly Entry[]): string {
  const cases = entries.map((entry) => {
    const [first, second] = entry.names.map((print) => (print === undefined ? '' : `$(${print})`))
    const then = (at: number, words: string) =>
      words.trim() === '' ? '' : `[ "$COMP_CWORD" -eq ${at} ] && words="$words ${words.trim()}"; `
    const more = `${then(2, `${entry.words.join(' ')} ${first}`)}${then(3, second ?? '')}`
    return `    ${entry.name}) words="${flags(entry)}"; ${more};;`
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
    const [first, second] = entry.names.map((print) => (print === undefined ? '' : `\${(f)"$(${print})"}`))
    const then = (at: number, words: string) =>
      words.trim() === '' ? '' : `(( CURRENT == ${at} )) && compadd -- ${words.trim()}; `
    const words = `${then(3, `${entry.words.join(' ')} ${first}`)}${then(4, second ?? '')}`
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
    const printed = [...new Set(entry.names)].map((print) => (print === undefined ? '' : `(${print})`))
    const first = [...entry.words, ...printed].join(' ').trim()
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
