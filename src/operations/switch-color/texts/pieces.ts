import type { OutcomeRow } from '../../../store/types.ts'
import { listed, moment } from '../../../texts/amounts.ts'
import { textIn } from '../../../texts/data.ts'
import { bold, code, join, type Mrkdwn, mrkdwn } from '../../../texts/escape.ts'
import { shortImage } from '../../../texts/image.ts'
import { inLanguage, type Look } from '../../../texts/language.ts'
import { short, troublesOf } from '../../rollback/texts/pieces.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import type { ShownCheck, ShownRoute, ShownSide } from './read.ts'

export type Detail = OutcomeRow['detail']

const switchTexts = { en, es }

export const textsFor = (look: Pick<Look, 'language'>) => inLanguage(switchTexts, look)

/** `service/porttrack-app-service`. */
export const routeName = (route: ShownRoute): Mrkdwn => code(`${route.kind}/${route.name}`)

export const workloadOf = ({ workload }: ShownSide): string => `${workload.kind}/${workload.name}`

/** `app:2.7.3, revision 7`. */
export function aboutSide(side: ShownSide, look: Look): Mrkdwn {
  const images = listed(
    side.images.map((image) => code(shortImage(image))),
    look,
    2,
  )
  const revision = side.revision === undefined ? undefined : mrkdwn`${textsFor(look).revision(side.revision)}`
  return join([images, revision], ', ')
}

/** Ready pods, then what the others suffer from, with numbers. */
export function stateOf(side: ShownSide, look: Look): Mrkdwn {
  const words = textsFor(look)
  const head = side.desired === 0 ? mrkdwn`${words.noPodsWanted}` : mrkdwn`${words.ready(side.ready, side.desired)}`
  const mixed = side.old === 0 ? undefined : mrkdwn`${words.ofOther(side.old)}`
  return join([head, mixed, ...troublesOf(side.problems, look)], ', ')
}

/** "web 200, api fails (500)". */
export function checksOf(checks: readonly ShownCheck[], look: Look): Mrkdwn | undefined {
  const words = textsFor(look)
  const told = checks.map(({ name, ok, status, reason }) => {
    const answer = status === undefined ? (reason ?? words.noAnswer) : String(status)
    return ok ? mrkdwn`${words.passes(name, answer)}` : bold(words.fails(name, answer))
  })
  return told.length === 0 ? undefined : listed(told, look, 3)
}

/** The one that people reach, with how it is through its route. */
export function liveLine(
  side: ShownSide,
  told: { readonly since: string | undefined; readonly checks: readonly ShownCheck[] },
  look: Look,
): Mrkdwn {
  const words = textsFor(look)
  const at = dateOf(told.since)
  const checks = checksOf(told.checks, look)
  const pieces = [
    at === undefined ? undefined : words.since(moment(at, look)),
    stateOf(side, look),
    checks === undefined ? undefined : words.servesWell(checks),
  ]
  return words.serves(bold(side.color), aboutSide(side, look), join(pieces, ', '))
}

/** The one that waits. */
export function idleLine(side: ShownSide, since: string | undefined, look: Look): Mrkdwn {
  const words = textsFor(look)
  const at = dateOf(since)
  const pieces = [stateOf(side, look), at === undefined ? undefined : words.idleSince(moment(at, look))]
  return words.standsBy(bold(side.color), aboutSide(side, look), join(pieces, ', '))
}

export function dateOf(iso: string | undefined): Date | undefined {
  const at = Date.parse(iso ?? '')
  return Number.isNaN(at) ? undefined : new Date(at)
}

/** The cluster's own words. */
export function said(detail: Detail, look: Look): readonly Mrkdwn[] {
  const message = textIn(detail, 'message')
  return message === '' ? [] : [textsFor(look).clusterSays(mrkdwn`${short(message, 300)}`)]
}
