import { actionIds } from '../actions.ts'
import { ageOf, moment } from '../amounts.ts'
import { actions, button, type Card, card, context, section } from '../blocks.ts'
import { cutPlain } from '../clean.ts'
import { bold, code, join, lines, type Mrkdwn, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { fitMessage } from '../limits.ts'
import { actorOf } from '../people.ts'
import type { ComponentView, PodView, StatusView } from '../views.ts'
import { automaticWords } from '../words/automatic.ts'
import { commonWords } from '../words/common.ts'
import { statusWords } from '../words/status.ts'
import { detailWords, imageNames, reasonWord, runLine, sideLine, tookOf } from './component.ts'
import { databaseLines } from './database-lines.ts'

const shownPods = 12

/** One component with its pods and checks, the ones in trouble first. */
export function statusDetailCard(
  component: ComponentView,
  view: Pick<StatusView, 'asOf' | 'tookMs'>,
  look: Look,
): Card {
  const words = inLanguage(statusWords, look)
  const state = inLanguage(commonWords, look).states[component.state]
  const head = mrkdwn`${state} · ${bold(component.name)} · ${code(component.where)}`
  const { blocks } = fitMessage(
    {
      head: [section(lines([head, facts(component, look)]))],
      body: [...sidesOf(component, look), ...pods(component, look), ...checks(component, look)],
      tail: [
        context(words.asOf(moment(new Date(view.asOf), look), tookOf(view.tookMs))),
        actions('status-detail', buttonsOf(component, look)),
      ],
    },
    (n) => context(mrkdwn`${inLanguage(commonWords, look).more(n)}`),
  )
  return card(head, blocks)
}

function facts(component: ComponentView, look: Look): Mrkdwn {
  const words = inLanguage(statusWords, look)
  const { ready, desired, revision } = component
  const numbers = join(
    [
      ready === undefined || desired === undefined ? undefined : mrkdwn`${words.ready(ready, desired)}`,
      revision === undefined ? undefined : mrkdwn`${words.revision(revision)}`,
      component.images.length === 0 ? undefined : imageNames(component, look),
    ],
    ' · ',
  )
  const told = component.detail === undefined ? undefined : detailWords(component.detail, 400)
  const answers = component.kind === 'database' && component.state === 'healthy' && component.reason === undefined
  const detail = told === undefined ? undefined : mrkdwn`${answers ? words.answersIn(told) : told}`
  return lines([
    numbers,
    join([reasonWord(component.reason, look), detail], ' · '),
    runLine(component, look),
    automaticLine(component, look),
    component.database === undefined ? undefined : databaseLines(component.database, component.name, look),
  ])
}

/** Both colours, the one that serves first. */
function sidesOf({ sides = [] }: ComponentView, look: Look) {
  if (sides.length === 0) return []
  const words = inLanguage(statusWords, look)
  const told = sides.toSorted((a, b) => Number(b.serves) - Number(a.serves)).map((side) => sideLine(side, look))
  return [section(lines([bold(words.colors), ...told]))]
}

/** What the bot would do by itself about a bad release; nothing is said where that is nothing, unless somebody set it so. */
function automaticLine({ automatic }: ComponentView, look: Look): Mrkdwn | undefined {
  if (automatic === undefined || (automatic.mode === 'off' && automatic.override === undefined)) return undefined
  const words = inLanguage(automaticWords, look)
  const { override, mode } = automatic
  const by =
    override === undefined
      ? undefined
      : words.setBy(
          actorOf(override.actor, look),
          override.until === undefined ? undefined : moment(override.until, look),
        )
  return join([words.inStatus(words.modes[mode]), by], ' ')
}

function pods(component: ComponentView, look: Look) {
  if (component.kind !== 'app') return []
  const words = inLanguage(statusWords, look)
  const sorted = component.pods.toSorted((a, b) => Number(a.ready) - Number(b.ready) || b.restarts - a.restarts)
  const told = sorted.slice(0, shownPods).map((pod) => podLine(pod, look))
  const more = sorted.length - told.length
  return [
    section(
      lines([
        bold(words.pods),
        ...(told.length === 0 ? [mrkdwn`${words.noPods}`] : told),
        more > 0 ? mrkdwn`${words.morePods(more)}` : undefined,
      ]),
    ),
  ]
}

function podLine(pod: PodView, look: Look): Mrkdwn {
  const words = inLanguage(statusWords, look)
  const age = pod.startedAt === undefined ? undefined : ageOf(pod.startedAt, look)
  return join(
    [
      mrkdwn`${pod.ready ? words.podReady : words.podNotReady} · ${code(pod.name)}`,
      pod.reason === undefined || pod.reason === '' ? undefined : mrkdwn`${detailWords(pod.reason, 160)}`,
      pod.ready || pod.phase === 'Running' ? undefined : mrkdwn`${pod.phase}`,
      pod.restarts === 0 ? undefined : mrkdwn`${words.restarts(pod.restarts)}`,
      pod.node === undefined ? undefined : mrkdwn`${pod.node}`,
      age === undefined ? undefined : mrkdwn`${words.since(age)}`,
    ],
    ' · ',
  )
}

function checks(component: ComponentView, look: Look) {
  // A database's only check is whether it answers: its first line tells it.
  if (component.health.length === 0 || component.kind === 'database') return []
  const words = inLanguage(statusWords, look)
  const told = component.health.map((check) =>
    join(
      [
        mrkdwn`${check.ok ? words.passes : words.fails} · ${check.name}`,
        // A check that only took its time has nothing else to tell.
        /^(\d+ ms)?$/.test(check.detail.trim()) ? undefined : mrkdwn`${cutPlain(check.detail, 120)}`,
        mrkdwn`${check.ms} ms`,
      ],
      ' · ',
    ),
  )
  return [section(lines([bold(words.checks), ...told.slice(0, 10)]))]
}

function buttonsOf(component: ComponentView, look: Look) {
  const words = inLanguage(statusWords, look)
  const refresh = button({
    action: actionIds.statusRefresh,
    label: words.refresh,
    value: `${component.kind}/${component.name}`,
  })
  if (component.kind === 'database')
    return [refresh, button({ action: actionIds.recover, label: words.recover, value: component.name })]
  if (component.kind !== 'app') return [refresh]
  return [refresh, button({ action: actionIds.rollback, label: words.rollback, value: component.name })]
}
