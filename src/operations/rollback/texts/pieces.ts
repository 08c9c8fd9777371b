import { ageOf, listed, roughly, secondsBetween } from '../../../texts/amounts.ts'
import { cleanLine, cutPlain } from '../../../texts/clean.ts'
import { code, isEmpty, join, type Mrkdwn, mrkdwn, time } from '../../../texts/escape.ts'
import { shortImage } from '../../../texts/image.ts'
import { inLanguage, type Look } from '../../../texts/language.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import type { ShownChange, ShownPlan, ShownProblem, ShownRevision } from './read.ts'

export const rollbackTexts = { en, es }

export const textsFor = (look: Pick<Look, 'language'>) => inLanguage(rollbackTexts, look)

export const short = (text: string, max: number): string => cutPlain(cleanLine(text).trim(), max)

/** `app:2.8.0`, or the images of several containers. */
export function imagesOf(revision: ShownRevision, look: Look): Mrkdwn {
  return listed(
    revision.images.map((image) => code(shortImage(image))),
    look,
    2,
  )
}

/** `app:2.8.0, 6 min old`. */
export function aboutNow(revision: ShownRevision, look: Look): Mrkdwn {
  const age = ageOf(revision.inServiceSince ?? revision.createdAt, look)
  return join([imagesOf(revision, look), age === undefined ? undefined : mrkdwn`${textsFor(look).old(age)}`], ', ')
}

/** How the workload is: ready pods, then what the others suffer from, with numbers. */
export function stateOf(plan: ShownPlan, look: Look): Mrkdwn {
  const words = textsFor(look)
  const { ready, desired, updated, oldReady, oldRevisions } = plan.readiness
  const troubles = (tell: typeof words.inTrouble) => troublesOf(plan.problems, look, tell)
  if (oldReady > 0) {
    const wanted = Math.max(updated, ready) || desired
    const old = listed(
      oldRevisions.map((each) => mrkdwn`${each}`),
      look,
    )
    const news = join([mrkdwn`${words.readyNew(ready, wanted)}`, ...troubles(words.inTrouble)], ', ')
    return join([news, words.oldServe(oldReady, isEmpty(old) ? undefined : old)], '; ')
  }
  const head = desired === 0 ? mrkdwn`${words.noPodsWanted}` : mrkdwn`${words.ready(ready, desired)}`
  // More pods than wanted: the broken ones are beside those that serve.
  return join([head, ...troubles(desired > 0 && ready >= desired ? words.besides : words.inTrouble)], ', ')
}

/** "at 13:36", or "on Nov 22, 2026" for what is longer ago. */
export function whenOf(at: Date, look: Look): Mrkdwn {
  const words = textsFor(look)
  const today = Math.abs(secondsBetween(at, look.now)) < 12 * 3600
  return today ? words.atTime(time(at)) : words.onDate(time(at, 'short'))
}

/** One piece a reason: "2 in CrashLoopBackOff (exit 1 «DATABASE_URL is not set»)". */
export function troublesOf(
  problems: readonly ShownProblem[],
  look: Look,
  tell = textsFor(look).inTrouble,
): readonly Mrkdwn[] {
  const groups = Map.groupBy(problems, (problem) => problem.reason)
  return [...groups].slice(0, 3).map(([reason, group]) => {
    const first = group[0]
    const why = first === undefined ? undefined : whyOf(first, look)
    const named = why === undefined ? code(reason) : mrkdwn`${code(reason)} (${why})`
    return tell(group.length, named)
  })
}

/** What a program that ended said last tells why; of other messages the beginning does. */
function said(problem: ShownProblem, max: number): string {
  const text = cleanLine(problem.message).trim()
  const end = problem.exitCode !== undefined && text.length > max
  return end
    ? `…${text
        .slice(-max)
        .toWellFormed()
        .replace(/^\S*\s/, '')}`
    : short(text, max)
}

function whyOf(problem: ShownProblem, look: Look): Mrkdwn | undefined {
  const words = textsFor(look)
  const pieces = [
    problem.exitCode === undefined ? undefined : mrkdwn`${words.exit(problem.exitCode)}`,
    problem.message === '' ? undefined : mrkdwn`“${said(problem, 120)}”`,
    problem.restarts > 0 ? mrkdwn`${words.restarted(problem.restarts)}` : undefined,
  ]
  const why = join(pieces, ', ')
  return pieces.every((piece) => piece === undefined) ? undefined : why
}

/** The same as plain text, for places that know no marks. */
export function plainTrouble(problem: ShownProblem, look: Look): string {
  const words = textsFor(look)
  const exit = problem.exitCode === undefined ? '' : ` (${words.exit(problem.exitCode)})`
  const message = problem.message === '' ? '' : `, ${said(problem, 160)}`
  return words.missing(problem.pod, `${problem.reason}${exit}${message}`)
}

export function healthOf(revision: ShownRevision, look: Look): Mrkdwn {
  const { healthy } = textsFor(look)
  const { healthySeconds, healthyKnownBy } = revision
  if (healthySeconds === undefined || healthySeconds <= 0 || healthyKnownBy === 'unknown') return healthy.unknown
  return healthy[healthyKnownBy](roughly(healthySeconds, look))
}

/** One changed path as a person would say it. */
export function changeOf(change: ShownChange, look: Look): Mrkdwn {
  const words = textsFor(look)
  const path = code(short(change.path, 80))
  if (change.before === undefined) return words.returns(path)
  if (change.after === undefined) return words.goes(path)
  const value = change.path.startsWith('image') ? shortImage : (text: string) => short(text, 60)
  return mrkdwn`${path} ${code(value(change.before))} → ${code(value(change.after))}`
}
