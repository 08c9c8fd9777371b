import type { Catalog } from '../../catalog/schema.ts'
import { type Mrkdwn, textOf } from '../../texts/escape.ts'
import { plainOf } from '../../texts/plain.ts'
import { inTerminal } from '../command-line.ts'
import type { Screen } from './screen.ts'

/** Slack's mrkdwn as a terminal shows it: a mention is the name that the catalog gives to that member, a command is the terminal's own. */
export const toTerminal = (text: Mrkdwn, catalog: Pick<Catalog, 'people'>, screen: Pick<Screen, 'paint'>): string =>
  blockToTerminal(textOf(text), catalog, screen)

/** The same for the text of a block. */
export function blockToTerminal(text: string, catalog: Pick<Catalog, 'people'>, screen: Pick<Screen, 'paint'>): string {
  const plain = plainOf(text, {
    bold: (inner) => screen.paint('bold', inner),
    code: (inner) => screen.paint('cyan', inTerminal(inner)),
  })
  return plain.replace(
    /@([UW][A-Z0-9]{2,})/g,
    (mention: string, id: string) => Object.entries(catalog.people).find(([, it]) => it.slack === id)?.[0] ?? mention,
  )
}
