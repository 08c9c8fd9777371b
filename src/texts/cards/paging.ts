import { listed } from '../amounts.ts'
import { type Card, card, section } from '../blocks.ts'
import { bold, code, lines, link, type Mrkdwn, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import type { PagingView } from '../views.ts'
import { incidentWords } from '../words/incident.ts'
import { runWords } from '../words/run.ts'

/** What is known of calling people, as one sentence. */
export function pagingLine(paging: PagingView | undefined, look: Look): Mrkdwn | undefined {
  if (paging === undefined) return undefined
  const words = inLanguage(runWords, look).paging
  const who =
    paging.people.length === 0
      ? mrkdwn`${words.somebody}`
      : listed(
          paging.people.map((name) => mrkdwn`${name}`),
          look,
        )
  const said =
    paging.state === 'confirmed' || paging.state === 'acknowledged'
      ? words[paging.state](who)
      : mrkdwn`${words[paging.state]}`
  const shown = mrkdwn`${capital(said, paging, look)}.`
  return paging.url === undefined ? shown : mrkdwn`${shown} ${link(paging.url, 'PagerDuty')}`
}

function capital(said: Mrkdwn, paging: PagingView, look: Look): Mrkdwn {
  return paging.state === 'confirmed' && look.language === 'en' ? said : mrkdwn`PagerDuty: ${said}`
}

/** Nobody hears of it by telephone: who to call by hand. */
export function pagingFailedCard(
  view: {
    readonly why: string
    readonly phones: readonly { readonly name: string; readonly phone: string }[]
    readonly accepted: boolean
  },
  look: Look,
): Card {
  const words = inLanguage(incidentWords, look)
  const head = bold(view.accepted ? words.pageUnconfirmed : words.pageFailed)
  const phones = view.phones.map(({ name, phone }) => mrkdwn`${name} ${code(phone)}`)
  const told = lines([
    head,
    view.why === '' ? undefined : words.pageWhy(mrkdwn`${view.why}`),
    phones.length === 0 ? words.noPhones : words.call(listed(phones, look, 10)),
  ])
  return card(told, [section(told)])
}

/** The page has arrived after all. */
export function pageBackCard(look: Look): Card {
  const text = inLanguage(incidentWords, look).pageBack
  return card(text, [section(text)])
}

export type AnswerView = {
  readonly by: string
  readonly kind: 'seen' | 'closed' | 'closed_busy' | 'closed_other_open'
  readonly run: string | undefined
}

/** What somebody answered in PagerDuty, in one sentence. */
export function pageAnswerCard(answer: AnswerView, look: Look): Card {
  const words = inLanguage(incidentWords, look).answers
  const who = bold(mrkdwn`${answer.by}`)
  const text = answer.kind === 'closed_busy' ? words.closed_busy(who, code(answer.run ?? '')) : words[answer.kind](who)
  return card(text, [section(text)])
}
