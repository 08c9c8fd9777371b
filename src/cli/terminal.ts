import { styleText } from 'node:util'
import type { Mrkdwn } from '../texts/escape.ts'
import { plainText } from '../texts/plain.ts'

type Style = Parameters<typeof styleText>[0]

/** Colour only where a person looks: a terminal that has not asked for none. */
export const colourful = process.stdout.isTTY === true

export const paint = (style: Style, text: string): string => (colourful ? styleText(style, text) : text)

/** Slack's mrkdwn as a terminal shows it. */
export function toTerminal(text: Mrkdwn): string {
  return plainText(text, { bold: (inner) => paint('bold', inner), code: (inner) => paint('cyan', inner) })
}

/** Columns padded to their longest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length)
  return rows
    .map((row) =>
      row
        .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
