import { roles } from '../../catalog/schema.ts'
import { listed } from '../amounts.ts'
import { type Card, card, context, section } from '../blocks.ts'
import { bold, code, join, lines, type Mrkdwn, mention, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import type { PolicyView } from '../views.ts'
import { automaticWords } from '../words/automatic.ts'
import { commonWords } from '../words/common.ts'
import { rescueWords } from '../words/rescue.ts'

/** Who may do what, and where the catalog is looser than the defaults. */
export function policyCard(view: PolicyView, look: Look): Card {
  const words = inLanguage(rescueWords, look)
  const head = bold(words.policy)
  const rules = view.rules.slice(0, 30).map((rule) => ruleLine(rule, look))
  const people = roles
    .toReversed()
    .map((role) => ({ role, names: view.people.filter((person) => person.role === role) }))
    .filter(({ names }) => names.length > 0)
    .map(
      ({ role, names }) => mrkdwn`${inLanguage(commonWords, look).roles[role]}: ${listed(names.map(nameOf), look, 15)}`,
    )
  return card(head, [
    section(head),
    section(lines(rules)),
    section(lines(automaticLines(view, look))),
    section(lines([bold(words.people), ...people])),
    context(mrkdwn`${words.expire(view.expireMinutes)}`),
  ])
}

const mostApps = 20

/** What the catalog lets the bot do without a person; written there is the consent that no click gives. */
function automaticLines({ automatic }: PolicyView, look: Look): readonly Mrkdwn[] {
  const words = inLanguage(automaticWords, look)
  const told = automatic.slice(0, mostApps).map(({ app, mode }) => words.policyLine(code(app), words.modes[mode]))
  const more = automatic.length - told.length
  return [
    bold(words.inPolicy),
    ...(told.length === 0 ? [mrkdwn`${words.policyNone}`] : told),
    ...(more > 0 ? [mrkdwn`${inLanguage(commonWords, look).more(more)}`] : []),
  ]
}

const nameOf = (person: PolicyView['people'][number]): Mrkdwn =>
  person.slack === undefined ? mrkdwn`${person.name}` : mention(person.slack)

function ruleLine(rule: PolicyView['rules'][number], look: Look): Mrkdwn {
  const words = inLanguage(rescueWords, look)
  const role = inLanguage(commonWords, look).roles[rule.by]
  const where = mrkdwn`${rule.environment === undefined ? '' : words.inEnvironment(rule.environment)}${rule.target === undefined ? '' : words.onTarget(rule.target)}`
  const source = rule.loosened ? words.loosened : rule.from === 'catalog' ? words.byCatalog : words.byDefault
  return join(
    [
      words.rule(code(rule.operation), where, rule.approvals > 1 ? words.two(role) : words.one(role)),
      rule.reason ? mrkdwn`${words.reasonToo}` : undefined,
      mrkdwn`${source}`,
    ],
    ' · ',
  )
}
