import { duration, moment } from '../amounts.ts'
import { cutPlain } from '../clean.ts'
import { dataIn, numberIn, textIn, timeIn } from '../data.ts'
import { code, type Mrkdwn, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { actorOf } from '../people.ts'
import { automaticWords } from '../words/automatic.ts'

type Detail = Readonly<Record<string, unknown>>

/** Why a bad release is left to people: half a sentence, without its full stop. An unknown reason is shown as its word. */
export function leftWhy(reason: string, detail: Detail, look: Look): Mrkdwn {
  const { why } = inLanguage(automaticWords, look)
  const text = (key: string): string => cutPlain(textIn(detail, key), 120)
  const run = code(text('run'))
  const minutes = (key: string): string => duration((numberIn(detail, key) ?? 0) * 60, look)
  switch (reason) {
    case 'acted_already':
      return why.acted_already(run, text('by') === '' ? inLanguage(automaticWords, look).somebody : code(text('by')))
    case 'too_old':
      return why.too_old(minutes('minutes'), minutes('windowMinutes'))
    case 'person_at_work':
      return why.person_at_work(run, who(detail, look))
    case 'last_failed':
      return why.last_failed(run)
    case 'cool_down':
      return why.cool_down(run, moment(timeIn(detail, 'until') ?? look.now, look))
    case 'too_many':
      return why.too_many(numberIn(detail, 'count') ?? 0)
    case 'node_fault':
      return why.node_fault(text('reason'))
    case 'irreversible_migration':
      return why.irreversible_migration(mrkdwn`“${text('says')}”`)
    case 'config_missing':
      return why.config_missing(code(text('name')))
    case 'gitops':
      return why.gitops(mrkdwn`${text('tool')} ${text('name')}`)
    case 'cannot_plan':
      return why.cannot_plan(code(text('why')))
    case 'off':
    case 'muted':
    case 'old_failing':
    case 'restart_only':
    case 'no_safe_revision':
    case 'paused':
    case 'gone':
      return why[reason]
    default:
      return code(reason)
  }
}

function who(detail: Detail, look: Look): Mrkdwn {
  const by = dataIn(detail, 'by')
  const slack = textIn(by, 'slack')
  return actorOf({ kind: 'person', name: textIn(by, 'name'), ...(slack === '' ? {} : { slack }) }, look)
}
