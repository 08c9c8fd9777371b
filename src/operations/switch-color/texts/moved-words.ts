import { listIn, textIn, timeIn } from '../../../texts/data.ts'
import { code, type Mrkdwn, mrkdwn, nothing } from '../../../texts/escape.ts'
import { shortImage } from '../../../texts/image.ts'
import type { Look } from '../../../texts/language.ts'
import { short, whenOf } from '../../rollback/texts/pieces.ts'
import { textsFor } from './pieces.ts'

/** What is not as people saw it, and who did it by the cluster's record. */
export function movedLines(detail: Readonly<Record<string, unknown>>, look: Look): readonly Mrkdwn[] {
  const words = textsFor(look)
  return listIn(detail, 'moved')
    .slice(0, 4)
    .map((moved) => {
      const field = textIn(moved, 'field')
      const told = Object.entries(words.moved).find(([key]) => key === field)?.[1]
      if (told === undefined) return code(field)
      const at = timeIn(moved, 'at')
      const by = textIn(moved, 'by')
      const value = (key: string): Mrkdwn => {
        const text = textIn(moved, key)
        return text === '' ? mrkdwn`${words.nothing}` : code(field === 'target' ? shortImage(text) : short(text, 80))
      }
      return told({
        by: by === '' ? words.somebody : code(by),
        at: at === undefined ? nothing : mrkdwn` ${whenOf(at, look)}`,
        before: value('before'),
        after: value('after'),
      })
    })
}
