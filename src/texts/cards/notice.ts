import { listed, moment } from '../amounts.ts'
import { type Card, card, section } from '../blocks.ts'
import { cutPlain } from '../clean.ts'
import { bold, channelLink, code, join, type Mrkdwn, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import type { Notice } from '../notices.ts'
import { actorOf } from '../people.ts'
import { commonWords } from '../words/common.ts'
import { noticeWords } from '../words/notices.ts'

/** Answers, errors and denials: field, value and what is allowed; what was not done; who could; what to do next. */
export function noticeCard(notice: Notice, look: Look): Card {
  const text = noticeText(notice, look)
  return card(text, [section(text)])
}

export function noticeText(notice: Notice, look: Look): Mrkdwn {
  const words = inLanguage(noticeWords, look)
  switch (notice.kind) {
    case 'denied':
      return denied(notice, look)
    case 'bad_input':
      return badInput(notice, look)
    case 'unknown_app':
    case 'unknown_name':
      return unknown(notice, look)
    case 'held': {
      const head = words.held(
        mrkdwn`${notice.subject}`,
        code(notice.run),
        actorOf(notice.by, look),
        moment(new Date(notice.since), look),
      )
      return say(head, words.nothing, words.heldNext(code(`/rescue stop ${notice.run}`)))
    }
    case 'started':
      return words.started(code(notice.run), notice.channel === undefined ? undefined : channelLink(notice.channel))
    case 'again':
      return words.again(code(notice.run))
    case 'waiting_already':
      return words.waitingAlready(code(notice.run), actorOf(notice.by, look))
    case 'reason_needed':
      return say(bold(words.reasonNeeded), words.nothing, words.reasonHow(code(words.example.rollback)))
    case 'store_away':
      return say(bold(words.storeAway), words.storeNext)
    case 'unexpected':
      return say(words.unexpected(code(notice.id)), words.unexpectedNext(code(words.example.runs)))
    case 'cluster_away':
      return say(
        bold(words.clusterAway(mrkdwn`${notice.app}`)),
        message(notice.message),
        words.nothing,
        words.clusterNext,
      )
    case 'forbidden':
      return say(bold(words.forbidden(mrkdwn`${notice.app}`)), message(notice.message), words.nothing)
    case 'not_member':
      return (notice.direct === true ? words.planIn : words.notMember)(channelLink(notice.channel))
    default:
      return aboutRun(notice, look)
  }
}

type About = Exclude<
  Notice,
  {
    readonly kind:
      | 'denied'
      | 'bad_input'
      | 'unknown_app'
      | 'unknown_name'
      | 'held'
      | 'started'
      | 'again'
      | 'waiting_already'
      | 'reason_needed'
      | 'store_away'
      | 'unexpected'
      | 'cluster_away'
      | 'forbidden'
      | 'not_member'
  }
>

function aboutRun(notice: About, look: Look): Mrkdwn {
  const words = inLanguage(noticeWords, look)
  const again = words.expiredNext(code(words.example.again))
  switch (notice.kind) {
    case 'unknown_run':
      return say(bold(words.unknownRun(code(notice.run))), words.runsHow(code(words.example.runs)))
    case 'too_late': {
      const by = notice.by === undefined ? undefined : mrkdwn`(${actorOf(notice.by, look)})`
      return say(
        words.tooLate(code(notice.run)),
        mrkdwn`${join([mrkdwn`${words.states[notice.state]}`, by], ' ')}.`,
        words.nothingRan,
      )
    }
    case 'expired':
      return say(words.expired(code(notice.run)), words.nothingRan, again)
    case 'stale_plan':
      return say(words.stalePlan(code(notice.run)), words.nothingRan)
    case 'old_click':
      return say(words.oldClick, words.nothingRan, again)
    case 'confirmed':
      return words.confirmed(code(notice.run))
    case 'cancelled':
      return say(words.cancelled(code(notice.run)), words.nothing)
    case 'stopping':
      return (notice.again ? words.stoppingAgain : words.stopping)(code(notice.run))
    case 'not_finished':
      return words.notFinished(code(notice.run))
    case 'nothing_to_undo':
      return words.nothingToUndo(code(notice.run))
    case 'undone_already':
      return words.undoneAlready(code(notice.run), code(notice.by))
    case 'no_such_incident':
      return words.noSuchIncident(code(notice.incident))
    case 'incident_resolved':
      return words.incidentResolved(code(notice.incident))
    case 'incident_busy':
      return words.incidentBusy(code(notice.incident), code(notice.run))
    case 'reason_masked':
      return say(words.reasonMasked(code(notice.run)), words.maskedNext)
    case 'reviewed':
      return say(words.reviewed(code(notice.run)), notice.masked ? words.remarkMasked : undefined)
    case 'reviewed_already':
      return say(words.reviewedAlready(code(notice.run), actorOf(notice.by, look)), words.nothing)
    case 'no_review':
      return words.noReview(code(notice.run))
    case 'remark_needed':
      return words.remarkNeeded
    case 'review_not_right':
      return say(
        bold(words.reviewNotRight(code(notice.run), actorOf(notice.by, look))),
        mrkdwn`“${cutPlain(notice.remark, 1000)}”.`,
      )
  }
}

const say = (...sentences: readonly (Mrkdwn | undefined)[]): Mrkdwn => join(sentences, ' ')

function denied(notice: Extract<Notice, { kind: 'denied' }>, look: Look): Mrkdwn {
  const words = inLanguage(noticeWords, look)
  const role = notice.needed === undefined ? '' : inLanguage(commonWords, look).roles[notice.needed]
  const { ability } = notice
  const head =
    notice.own === true
      ? ability === 'review'
        ? words.denied.ownReview
        : words.denied.own
      : ability === 'look'
        ? words.denied.look
        : words.denied[ability](role)
  const who = notice.who.map((name) => mrkdwn`${name}`)
  return say(
    bold(head),
    ability === 'look' ? undefined : words.nothing,
    who.length === 0 ? words.nobodyCould : words.whoCould(listed(who, look, 10)),
  )
}

function badInput(notice: Extract<Notice, { kind: 'bad_input' }>, look: Look): Mrkdwn {
  const words = inLanguage(noticeWords, look)
  const field = Object.entries(words.fields).find(([key]) => key === notice.field)?.[1] ?? notice.field
  const value = cutPlain(notice.value, 80)
  if (notice.hint === 'length')
    return say(
      words.tooLong(field, notice.length, notice.allowed[0] ?? ''),
      value.trim() === '' ? undefined : words.begins(code(value)),
      words.nothing,
      helpLine(notice.command, look),
    )
  const head = value.trim() === '' ? words.missingValue(field) : words.badValue(field, code(value))
  return say(head, words.nothing, allowed(notice, look), nearest(notice.nearest, look), helpLine(notice.command, look))
}

function allowed(notice: Extract<Notice, { kind: 'bad_input' }>, look: Look): Mrkdwn | undefined {
  const words = inLanguage(noticeWords, look)
  if (notice.hint === 'number') return words.allowed(mrkdwn`${words.number}`)
  const names = notice.allowed.map((name) => code(inWords(name, look)))
  if (notice.field === 'run' || notice.field === 'audit')
    return names.length === 0 ? undefined : words.forExample(join(names, ` ${inLanguage(commonWords, look).or} `))
  if (names.length > 0) return words.allowed(listed(names, look, 12))
  return notice.problem === undefined || notice.problem === ''
    ? undefined
    : words.allowed(mrkdwn`${cutPlain(notice.problem, 200)}`)
}

/** A word of a command in the reader's language; a name stays as it is. */
function inWords(name: string, look: Look): string {
  return Object.entries(inLanguage(noticeWords, look).words).find(([key]) => key === name)?.[1] ?? name
}

function unknown(notice: Extract<Notice, { kind: 'unknown_app' | 'unknown_name' }>, look: Look): Mrkdwn {
  const words = inLanguage(noticeWords, look)
  const value = code(cutPlain(notice.value, 80))
  const head = notice.kind === 'unknown_app' ? words.unknownApp(value) : words.unknownName(value)
  const there = notice.allowed.length === 0 ? undefined : words.there(listed(notice.allowed.map(code), look, 12))
  return say(bold(head), words.nothing, nearest(notice.nearest, look), there)
}

function nearest(name: string | undefined, look: Look): Mrkdwn | undefined {
  return name === undefined ? undefined : inLanguage(noticeWords, look).nearest(code(name))
}

function helpLine(command: string | undefined, look: Look): Mrkdwn | undefined {
  const words = inLanguage(noticeWords, look)
  if (command === undefined) return undefined
  return words.help(code(`${command} ${look.language === 'es' ? 'ayuda' : 'help'}`))
}

function message(text: string | undefined): Mrkdwn | undefined {
  return text === undefined || text === '' ? undefined : mrkdwn`“${cutPlain(text, 300)}”.`
}
