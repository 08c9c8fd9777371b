import { stripVTControlCharacters, styleText } from 'node:util'
import type { Catalog } from '../catalog/schema.ts'
import type { Mrkdwn } from '../texts/escape.ts'
import { plainText } from '../texts/plain.ts'

type Style = Parameters<typeof styleText>[0]

/** Colour only where a person looks: a terminal that has not asked for none. */
export const colourful = process.stdout.isTTY === true

export const paint = (style: Style, text: string): string => (colourful ? styleText(style, text) : text)

/** Slack's mrkdwn as a terminal shows it: a mention is the name that the catalog gives to that member. */
export function toTerminal(text: Mrkdwn, catalog: Pick<Catalog, 'people'>): string {
  const plain = plainText(text, { bold: (inner) => paint('bold', inner), code: (inner) => paint('cyan', inner) })
  return plain.replace(
    /@([UW][A-Z0-9]{2,})/g,
    (mention: string, id: string) => Object.entries(catalog.people).find(([, it]) => it.slack === id)?.[0] ?? mention,
  )
}

const widthOf = (cell: string): number => stripVTControlCharacters(cell).length

/** Columns padded to their longest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, widthOf(cell))
  return rows
    .map((row) =>
      row
        .map((cell, index) =>
          index === row.length - 1 ? cell : cell + ' '.repeat((widths[index] ?? 0) - widthOf(cell)),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
