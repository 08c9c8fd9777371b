import type { Command } from 'commander'
import { Exit, exitCodes } from './exit.ts'

type Entry = { readonly name: string; readonly description: string; readonly options: readonly string[] }

/** A script for a shell to load, made from the commands themselves. @throws Exit with 2 for a shell that is not known */
export function completionScript(cli: Command, shell: string): string {
  const entries = cli.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: command.options.flatMap((option) => option.long ?? []),
  }))
  switch (shell) {
    case 'bash':
      return bash(entries)
    case 'zsh':
      return `#compdef rescue\nautoload -U +X bashcompinit && bashcompinit\n${bash(entries)}`
    case 'fish':
      return fish(entries)
    default:
      throw new Exit(exitCodes.badInput, `shell: "${shell}"; bash, zsh, fish`)
  }
}

function bash(entries: readonly Entry[]): string {
  const cases = entries.map(({ name, options }) => `    ${name}) words="${options.join(' ')}" ;;`)
  return `_rescue() {
  local words
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${entries.map(({ name }) => name).join(' ')}"; fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _rescue rescue
`
}

function fish(entries: readonly Entry[]): string {
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  return `${entries
    .flatMap(({ name, description, options }) => [
      `complete -c rescue -f -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
      ...options.map((option) => `complete -c rescue -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}`),
    ])
    .join('\n')}\n`
}
