import { isData, numberIn, textIn } from '../texts/data.ts'

/** The words that take the rest of a line, and those that are an option here; in both languages. */
const optionOf: Readonly<Record<string, string>> = {
  to: '--to',
  a: '--to',
  emergency: '--emergency',
  emergencia: '--emergency',
}
const reasonWords = ['reason', 'motivo']

/** A slash command as it is typed in a terminal; any other text stays as it is. */
export function inTerminal(text: string): string {
  const [command, ...words] = text.split(' ')
  if (command === '/rescue') return ['rescue', ...words].join(' ')
  if (command === '/status') return ['rescue status', ...words].join(' ')
  if (command === '/recover') return recoverLine(words)
  if (command !== '/rollback') return text
  if (words.length === 0) return 'rescue rollback APP'
  const reason = words.findIndex((word) => reasonWords.includes(word))
  const plain = (reason < 0 ? words : words.slice(0, reason)).map((word) => optionOf[word] ?? word)
  return ['rescue rollback', ...plain, ...(reason < 0 ? [] : [`--reason "${words.slice(reason + 1).join(' ')}"`])].join(
    ' ',
  )
}

/** Words of `/recover` that are options here, in both languages. */
const recoverOptionOf: Readonly<Record<string, string>> = {
  from: '--from',
  desde: '--from',
  copy: '--copy',
  copia: '--copy',
  scale: '--scale',
  escalar: '--scale',
  table: '--table',
  tabla: '--table',
  schema: '--schema',
  esquema: '--schema',
}

/** Without `from` the newest is meant, as here without `--from`. */
function recoverLine(words: readonly string[]): string {
  const plain = words.flatMap((word) =>
    ['latest', 'ultimo', 'último'].includes(word) ? [] : [recoverOptionOf[word] ?? word],
  )
  const dangling = plain.at(-1) === '--from' ? plain.slice(0, -1) : plain
  return ['rescue recover', ...dangling].join(' ')
}

/** The command that asks for this run; undefined for an operation that the terminal has no command for. */
export function commandFor(operation: string, params: unknown): string | undefined {
  if (!isData(params)) return undefined
  if (operation === 'recover-postgres' || operation === 'recover-mongo') return commandForRestore(params)
  if (operation !== 'rollback' && operation !== 'switch-color') return undefined
  const app = textIn(params, 'app')
  const color = textIn(params, 'to')
  const to = numberIn(params, 'toRevision')
  if (app === '') return undefined
  const emergency = params['emergency'] === true ? ['--emergency --reason "…"'] : []
  return [
    'rescue rollback',
    app,
    ...(to === undefined ? [] : [`--to ${to}`]),
    ...(color === '' ? [] : [`--to ${color}`]),
    ...emergency,
  ].join(' ')
}

/** The way back of a restore is `rescue undo` of its run. */
function commandForRestore(params: Readonly<Record<string, unknown>>): string | undefined {
  if (params['backTo'] !== undefined) return undefined
  const [point, scope, onlyLive] = [textIn(params, 'point'), params['scope'], textIn(params, 'onlyLive')]
  return [
    'rescue recover db',
    textIn(params, 'database'),
    ...(point === '' ? [] : [`--from ${point}`]),
    ...(params['copy'] === true ? ['--copy'] : []),
    ...(isData(scope) ? [`--${textIn(scope, 'kind')} ${textIn(scope, 'name')}`] : []),
    ...(onlyLive === '' ? [] : [`--only-live ${onlyLive}`]),
    ...(textIn(params, 'apps') === 'scale' ? ['--scale'] : []),
  ].join(' ')
}
