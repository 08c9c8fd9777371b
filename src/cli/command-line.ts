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
  if (command !== '/rollback') return text
  if (words.length === 0) return 'rescue rollback APP'
  const reason = words.findIndex((word) => reasonWords.includes(word))
  const plain = (reason < 0 ? words : words.slice(0, reason)).map((word) => optionOf[word] ?? word)
  return ['rescue rollback', ...plain, ...(reason < 0 ? [] : [`--reason "${words.slice(reason + 1).join(' ')}"`])].join(
    ' ',
  )
}

/** The command that asks for this run; undefined for an operation that the terminal has no command for. */
export function commandFor(operation: string, params: unknown): string | undefined {
  if ((operation !== 'rollback' && operation !== 'switch-color') || !isData(params)) return undefined
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
