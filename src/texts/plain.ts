import { type Mrkdwn, textOf } from './escape.ts'

/** Mrkdwn as a place without formatting shows it: field errors, terminals, logs. Control characters are gone. */
export function plainText(
  text: Mrkdwn,
  mark: { bold(text: string): string; code(text: string): string } = unmarked,
): string {
  return textOf(text)
    .replace(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<[@#!][^|>]+\|([^>]*)>/g, '$1')
    .replace(/<[@#]([A-Z0-9]+)>/g, '$1')
    .replace(/<([^|>]+)\|([^>]*)>/g, '$2 ($1)')
    .replace(/<(https?:[^>]+)>/g, '$1')
    .replace(
      /(^|[\s(])\*([^*\n]+)\*(?=$|[\s).,:;])/gm,
      (_whole, before: string, inner: string) => before + mark.bold(inner),
    )
    .replace(/(^|[\s(])_([^_\n]+)_(?=$|[\s).,:;])/gm, (_whole, before: string, inner: string) => before + inner)
    .replace(/`([^`\n]+)`/g, (_whole, inner: string) => mark.code(inner))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\p{Cc}/gu, (character) => (character === '\n' || character === '\t' ? character : ''))
}

const unmarked = { bold: (text: string) => text, code: (text: string) => text }
