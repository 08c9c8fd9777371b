import { listed } from '../../../texts/amounts.ts'
import { listIn, textIn, timeIn } from '../../../texts/data.ts'
import { capital, code, type Mrkdwn, mrkdwn, nothing } from '../../../texts/escape.ts'
import type { Look } from '../../../texts/language.ts'
import { whoIs } from './managers.ts'
import { changeOf, textsFor, whenOf } from './pieces.ts'
import { changesIn } from './read.ts'

/** What is not as people saw it, and who did it by the cluster's record. */
export function movedLines(detail: Readonly<Record<string, unknown>>, look: Look): readonly Mrkdwn[] {
  const words = textsFor(look)
  return listIn(detail, 'moved')
    .slice(0, 4)
    .map((moved) => {
      const field = textIn(moved, 'field')
      const at = timeIn(moved, 'at')
      const by = textIn(moved, 'by')
      const changes = changesIn(typeof moved === 'object' && moved !== null && 'changes' in moved ? moved.changes : [])
      const told = Object.entries(words.moved).find(([key]) => key === field)?.[1]
      if (told === undefined) return code(field)
      return capital(
        told({
          by: whoIs(by, look, field) ?? words.somebody,
          at: at === undefined ? nothing : mrkdwn` ${whenOf(at, look)}`,
          after: textIn(moved, 'after'),
          what:
            changes.length === 0
              ? mrkdwn`${words.theTemplate}`
              : listed(
                  changes.map((change) => changeOf(change, look)),
                  look,
                  3,
                ),
        }),
      )
    })
}
