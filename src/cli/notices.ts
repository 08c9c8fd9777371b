import { noticeText } from '../texts/cards/notice.ts'
import type { Mrkdwn } from '../texts/escape.ts'
import { inLanguage } from '../texts/language.ts'
import type { Notice } from '../texts/notices.ts'
import { noticeWords } from '../texts/words/notices.ts'
import type { Screen } from './screen/screen.ts'
import { toTerminal } from './screen/text.ts'
import type { Session } from './types.ts'

type Speaker = Pick<Session, 'io' | 'services' | 'language' | 'words' | 'login' | 'person'>

/** Text of the cards, as this screen shows it. */
export const say = (session: Pick<Session, 'services'>, text: Mrkdwn, screen: Pick<Screen, 'paint'>): string =>
  toTerminal(text, session.services.catalog, screen)

/** An answer to whoever asked; the sentences of Slack's notices, but for those that speak of clicks and cards. */
export function answerText(session: Speaker, notice: Notice, screen: Screen = session.io.out): string {
  const { words, language } = session
  switch (notice.kind) {
    case 'too_late': {
      const state = inLanguage(noticeWords, { language }).states[notice.state]
      const by = notice.by === undefined ? '' : ` (${notice.by.name})`
      return `${words.tooLate(notice.run, `${state}${by}`)} ${words.nothingRan}`
    }
    case 'expired':
      return `${words.expired(notice.run)} ${words.nothingRan} ${words.planAgain}`
    case 'stale_plan':
      return `${words.stalePlan(notice.run)} ${words.nothingRan}`
    default:
      return say(session, noticeText(notice, { language, now: new Date() }), screen)
  }
}

/** A refusal, for stderr; to somebody whom the catalog does not name also how to be named. */
export function refusalText(session: Speaker, notice: Notice): string {
  const text = answerText(session, notice, session.io.err)
  const stranger = notice.kind === 'denied' && session.person.entry === undefined
  return stranger ? `${text}\n${session.words.unknownLogin(session.login)}` : text
}
