import type { AutomaticSettings } from '../../catalog/automatic.ts'
import type { AutomaticRow, OverrideRow } from '../../store/types.ts'
import { listed, moment } from '../amounts.ts'
import { type Card, card, context, section } from '../blocks.ts'
import { bold, code, join, lines, type Mrkdwn, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { actorOf } from '../people.ts'
import { automaticWords } from '../words/automatic.ts'
import { leftWhy } from './automatic-why.ts'

/** What the bot may do by itself about an app, and what it did last. */
export type ModeView = {
  readonly app: string
  readonly mode: AutomaticSettings['mode']
  readonly settings: AutomaticSettings
  readonly override: OverrideRow | undefined
  readonly last: AutomaticRow | undefined
}

const mostApps = 30

/** Every app with its mode, its limits, who made it stricter until when, and what was decided last. */
export function modesCard(views: readonly ModeView[], look: Look): Card {
  const words = inLanguage(automaticWords, look)
  const head = bold(words.head)
  const how = words.howTo(code(words.example.off), code(words.example.back))
  // Apps where nothing happens are most of them: one line for all.
  const silent = views.length > 1 ? views.filter(isSilent) : []
  const told = views.filter((view) => !silent.includes(view)).slice(0, mostApps)
  return card(head, [
    section(head),
    ...told.map((view) => section(modeLines(view, look))),
    ...(silent.length === 0 ? [] : [section(words.modeLine(namesOf(silent, look), words.modes.off))]),
    context(how),
  ])
}

const isSilent = ({ mode, override, last }: ModeView): boolean =>
  mode === 'off' && override === undefined && last === undefined

const namesOf = (views: readonly ModeView[], look: Look): Mrkdwn =>
  listed(
    views.map(({ app }) => mrkdwn`${app}`),
    look,
    20,
  )

function modeLines(view: ModeView, look: Look): Mrkdwn {
  const words = inLanguage(automaticWords, look)
  const { windowMinutes, coolDownMinutes, mostPerHour, answerMinutes } = view.settings
  const limits =
    view.mode === 'act'
      ? words.limits(windowMinutes, coolDownMinutes, mostPerHour)
      : view.mode === 'ask'
        ? words.answer(answerMinutes)
        : undefined
  return lines([
    words.modeLine(mrkdwn`${view.app}`, words.modes[view.mode]),
    limits === undefined ? undefined : mrkdwn`${limits}`,
    setLine(view, look),
    lastLine(view.last, look),
  ])
}

/** Who made it stricter, until when, and what the catalog says. */
export function setLine(
  { override, settings }: Pick<ModeView, 'override' | 'settings'>,
  look: Look,
): Mrkdwn | undefined {
  if (override === undefined) return undefined
  const words = inLanguage(automaticWords, look)
  const until = override.until === undefined ? undefined : moment(override.until, look)
  return words.set(actorOf(override.actor, look), until, words.modes[settings.mode])
}

function lastLine(last: AutomaticRow | undefined, look: Look): Mrkdwn | undefined {
  if (last?.decidedAt === undefined || last.decision === 'open') return undefined
  const words = inLanguage(automaticWords, look)
  const why = last.decision === 'leave' ? leftWhy(last.reason ?? '', last.detail, look) : undefined
  const run = last.runId === undefined ? undefined : code(last.runId)
  return join([words.last(moment(last.decidedAt, look), words.decisions[last.decision]), run, why], ' · ')
}

/** What was set, as it holds now. */
export function modeSetCard(view: ModeView, look: Look): Card {
  const words = inLanguage(automaticWords, look)
  const text = join([words.nowSet(mrkdwn`${view.app}`, words.modes[view.mode]), setLine(view, look)], ' ')
  return card(text, [section(text)])
}

export function beyondCatalogCard(app: string, allowed: AutomaticSettings['mode'], look: Look): Card {
  const words = inLanguage(automaticWords, look)
  const text = words.beyond(mrkdwn`${app}`, words.modes[allowed])
  return card(text, [section(text)])
}
