import { type Mrkdwn, textOf } from './escape.ts'

/** How a surface that knows no mrkdwn shows its marks; absent: they are left out. */
export type PlainStyles = {
  readonly bold?: (inner: string) => string
  readonly code?: (inner: string) => string
}

const same = (inner: string): string => inner

/** Slack's mrkdwn as plain text: marks taken away, entities decoded, moments in the machine's own zone. Nothing in it means anything any more. */
export const plainText = (text: Mrkdwn, styles: PlainStyles = {}): string => plainOf(textOf(text), styles)

/** The same for text that was Mrkdwn when it was put into a block. */
export function plainOf(text: string, styles: PlainStyles = {}): string {
  const { bold = same, code = same } = styles
  return text
    .replace(/```\n?([\s\S]*?)\n?```/g, (_all, inner: string) => decoded(inner))
    .split('\n')
    .map((line) =>
      line
        .split(/(`[^`]*`)/)
        .map((piece) =>
          piece.startsWith('`') && piece.length > 2 ? code(decoded(piece.slice(1, -1))) : marked(piece, bold),
        )
        .join(''),
    )
    .join('\n')
}

function marked(piece: string, bold: (inner: string) => string): string {
  const shown = piece
    .replace(/<!date\^(\d+)\^([^|>]*)\|([^>]*)>/g, (_all, seconds: string, style: string) =>
      clock(Number(seconds), style),
    )
    .replace(/<@([^>|]+)(?:\|[^>]*)?>/g, '@$1')
    .replace(/<#([^>|]+)(?:\|[^>]*)?>/g, '#$1')
    .replace(/<(https?:[^>|]+)\|([^>]*)>/g, '$2 ($1)')
  // A bold piece may hold code, which was cut out before: its marks are then in two pieces, and simply go.
  return decoded(
    shown
      .replace(/(^|[\s(])\*([^*]+)\*/g, (_all, before: string, inner: string) => `${before}${bold(inner)}`)
      .replaceAll('*', ''),
  )
}

function clock(seconds: number, style: string): string {
  const at = new Date(seconds * 1000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`
  return style === '{time}' ? time : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`
}

const decoded = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll('∗', '*')
    .replaceAll('∼', '~')
    .replaceAll('ˋ', '`')
    .replaceAll('ˍ', '_')
    .replaceAll('∶', ':')
