import { actionIds } from '../actions.ts'
import { moment } from '../amounts.ts'
import { button, type Card, card, context, section } from '../blocks.ts'
import { bold, code, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { fitMessage } from '../limits.ts'
import { actorOf } from '../people.ts'
import type { LocksView } from '../views.ts'
import { commonWords } from '../words/common.ts'
import { rescueWords } from '../words/rescue.ts'

/** What is held now, and by whom. */
export function locksCard(view: LocksView, look: Look): Card {
  const words = inLanguage(rescueWords, look)
  if (view.holds.length === 0) return card(mrkdwn`${words.noLocks}`, [section(mrkdwn`${words.noLocks}`)])
  const head = bold(`${words.locks(view.holds.length)}.`)
  const body = view.holds.map((hold) =>
    section(
      words.held(code(hold.target), code(hold.runId), actorOf(hold.actor, look), moment(hold.since, look)),
      button({ action: actionIds.details, label: words.see, value: hold.runId }),
    ),
  )
  const { blocks } = fitMessage({ head: [section(head)], body, tail: [] }, (n) =>
    context(mrkdwn`${inLanguage(commonWords, look).more(n)}`),
  )
  return card(head, blocks)
}
