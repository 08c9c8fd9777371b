import type { Catalog } from '../../catalog/schema.ts'
import type { Card } from '../../texts/blocks.ts'
import type { Screen } from './screen.ts'
import { blockToTerminal } from './text.ts'

/** What a card says, without its buttons: each block's text, with an empty line between them. */
export function cardText({ blocks }: Card, catalog: Pick<Catalog, 'people'>, screen: Pick<Screen, 'paint'>): string {
  const texts = blocks.flatMap((block) => {
    if (block.type === 'section') return block.text?.text ?? []
    if (block.type !== 'context') return []
    return block.elements.flatMap((element) => (element.type === 'mrkdwn' ? element.text : []))
  })
  return texts.map((text) => blockToTerminal(text, catalog, screen)).join('\n\n')
}
