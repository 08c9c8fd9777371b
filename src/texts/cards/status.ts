import type { KnownBlock } from '@slack/types'
import { actionIds } from '../actions.ts'
import { moment } from '../amounts.ts'
import { actions, button, type Card, card, context, section } from '../blocks.ts'
import { bold, code, join, lines, type Mrkdwn, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { fitMessage } from '../limits.ts'
import type { ComponentKind, ComponentState, ComponentView, StatusView } from '../views.ts'
import { commonWords } from '../words/common.ts'
import { statusWords } from '../words/status.ts'
import { detailWords, imageNames, reasonWord, runLine, sideLine, tookOf } from './component.ts'
import { databaseLine } from './database-lines.ts'

const worstFirst: readonly ComponentState[] = ['down', 'degraded', 'unknown', 'progressing', 'healthy']
const kinds: readonly ComponentKind[] = ['app', 'database', 'monitor', 'node']

/** Everything in one card: first a sentence, then what is in trouble with its reason, then the rest in a line each. */
export function statusCard(view: StatusView, look: Look): Card {
  const words = inLanguage(statusWords, look)
  const sorted = view.components.toSorted((a, b) => worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state))
  const trouble = sorted.filter((component) => component.state !== 'healthy')
  const head = bold(headline(view, trouble.length, look))
  const well = kinds.flatMap((kind) =>
    group(
      kind,
      sorted.filter((one) => one.kind === kind && one.state === 'healthy'),
      look,
    ),
  )
  const { blocks, left } = fitMessage(
    {
      head: [section(head)],
      body: [...trouble.map((component) => troubled(component, look)), ...well],
      tail: [
        context(words.asOf(moment(new Date(view.asOf), look), tookOf(view.tookMs))),
        actions('status', [button({ action: actionIds.statusRefresh, label: words.refresh, value: 'all' })]),
      ],
    },
    (n) => context(mrkdwn`${inLanguage(commonWords, look).more(n)}`),
  )
  const summary = join(
    [
      head,
      join(
        trouble.slice(0, 5).map((component) => mrkdwn`${component.name}: ${stateOf(component, look)}`),
        ', ',
      ),
    ],
    ' · ',
  )
  return card(summary, blocks, left.length === 0 ? undefined : String(left.length))
}

function headline(view: StatusView, trouble: number, look: Look): Mrkdwn {
  const words = inLanguage(statusWords, look)
  const all = view.components.length
  if (all === 0) return mrkdwn`${words.none}.`
  return mrkdwn`${trouble === 0 ? `✓ ${words.allWell(all)}` : `△ ${words.trouble(trouble, all)}`}.`
}

const stateOf = (component: ComponentView, look: Look): string => inLanguage(commonWords, look).states[component.state]

function troubled(component: ComponentView, look: Look): KnownBlock {
  const words = inLanguage(statusWords, look)
  const head = mrkdwn`${stateOf(component, look)} · ${bold(component.name)}${numbers(component, look)}`
  const why = join([reasonWord(component.reason, look), detailOf(component)], ' · ')
  const release =
    component.kind === 'app' && (component.state === 'degraded' || component.state === 'down')
      ? button({ action: actionIds.rollback, label: words.rollback, value: component.name })
      : button({ action: actionIds.statusDetail, label: words.details, value: `${component.kind}/${component.name}` })
  const sides = (component.sides ?? []).map((side) => sideLine(side, look))
  return section(lines([head, why, ...sides, runLine(component, look), depth(component, look)]), release)
}

function detailOf(component: ComponentView): Mrkdwn | undefined {
  return component.detail === undefined || component.detail === ''
    ? undefined
    : mrkdwn`${detailWords(component.detail, 200)}`
}

function numbers(component: ComponentView, look: Look): Mrkdwn {
  const words = inLanguage(statusWords, look)
  const pieces = [
    component.ready === undefined || component.desired === undefined
      ? undefined
      : mrkdwn`${words.ready(component.ready, component.desired)}`,
    component.revision === undefined ? undefined : mrkdwn`${words.revision(component.revision)}`,
    component.images.length === 0 ? undefined : imageNames(component, look),
  ]
  const told = join(pieces, ' · ')
  return pieces.every((piece) => piece === undefined) ? mrkdwn`` : mrkdwn` · ${told}`
}

/** Of an app with two colours: how the one that serves is, and whether the other could. */
function appLine(component: ComponentView, look: Look): Mrkdwn {
  const words = inLanguage(statusWords, look)
  const { sides = [] } = component
  const live = sides.find(({ serves }) => serves)
  const other = sides.find(({ serves }) => !serves)
  if (live === undefined || other === undefined) return numbers(component, look)
  const spare = words.spareColor(other.color, other.ready, other.desired)
  return mrkdwn` · ${words.servingColor(live.color)}${numbers(component, look)} · ${spare}`
}

function depth({ database }: ComponentView, look: Look): Mrkdwn | undefined {
  return database === undefined ? undefined : databaseLine(database, look)
}

function group(kind: ComponentKind, components: readonly ComponentView[], look: Look): readonly KnownBlock[] {
  if (components.length === 0) return []
  const words = inLanguage(commonWords, look)
  const told = components.map((component) => {
    const more =
      kind === 'app' ? appLine(component, look) : mrkdwn` · ${code(component.where)} ${detailOf(component) ?? mrkdwn``}`
    return lines([
      mrkdwn`${words.states.healthy} · ${bold(component.name)}${more}`,
      runLine(component, look),
      depth(component, look),
    ])
  })
  // Sections of 25 lines stay below Slack's 3000 characters with names of any usual length.
  const chunks = Array.from({ length: Math.ceil(told.length / 25) }, (_, index) =>
    told.slice(index * 25, index * 25 + 25),
  )
  return chunks.map((chunk, index) => section(lines([...(index === 0 ? [bold(words.kinds[kind])] : []), ...chunk])))
}
