import type { AutomaticRow } from '../../../src/store/types.ts'
import type { Card } from '../../../src/texts/blocks.ts'
import { actingCard, askCard, leftCard, notedCard } from '../../../src/texts/cards/automatic.ts'
import { beyondCatalogCard, type ModeView, modeSetCard, modesCard } from '../../../src/texts/cards/automatic-modes.ts'
import { channelLink } from '../../../src/texts/escape.ts'
import type { Look } from '../../../src/texts/language.ts'
import { leaveReasons } from '../../../src/watchers/automatic/judge.ts'
import { confirmedRun, exampleRun, exampleView, now } from './examples.ts'

type Outside = { readonly name: string; readonly text: string }

const minute = (n: number): Date => new Date(now.getTime() + n * 60_000)

/** A crash loop as the watchers keep it. */
export const exampleRelease = ({ name, text }: Outside): Record<string, unknown> => ({
  app: name,
  cluster: 'main',
  workload: { namespace: name, kind: 'deployment', name },
  uid: 'u-1',
  revision: 42,
  source: 'porttrack-app-5d7',
  templateKey: 'k-42',
  signal: 'crash_loop',
  releasedAt: minute(-1).toISOString(),
  visibleAt: now.toISOString(),
  judgedAt: now.toISOString(),
  sights: [1, 2, 3, 4, 5].map((restarts) => ({
    signal: 'crash_loop',
    pod: name,
    container: name,
    reason: 'CrashLoopBackOff',
    message: text,
    restarts,
    exitCode: 1,
    at: now.toISOString(),
  })),
  oldFailing: false,
})

export const exampleDecision = (outside: Outside, more: Partial<AutomaticRow> = {}): AutomaticRow => ({
  id: '7',
  app: outside.name,
  uid: 'u-1',
  templateKey: 'k-42',
  release: exampleRelease(outside),
  decision: 'ask',
  reason: undefined,
  detail: {},
  runId: 'R-0042',
  incidentId: undefined,
  seenAt: now,
  decidedAt: now,
  escalateAt: minute(5),
  escalatedAt: undefined,
  ...more,
})

export function exampleMode(outside: Outside, more: Partial<ModeView> = {}): ModeView {
  return {
    app: outside.name,
    mode: 'ask',
    settings: {
      mode: 'act',
      windowMinutes: 30,
      coolDownMinutes: 15,
      mostPerHour: 2,
      answerMinutes: 5,
      gitOps: 'leave',
    },
    override: {
      app: outside.name,
      mode: 'ask',
      until: minute(60),
      actor: { kind: 'person', name: outside.name },
      at: now,
    },
    last: exampleDecision(outside, { decision: 'leave', reason: 'gitops', detail: detailOf(outside) }),
    ...more,
  }
}

const detailOf = ({ name, text }: Outside) => ({
  run: name,
  by: { kind: 'person', name },
  until: minute(3).toISOString(),
  reason: text,
  says: text,
  name,
  tool: text,
  why: text,
  count: 2,
  minutes: 90,
  windowMinutes: 30,
})

/** Every card of what the bot does, asks or leaves by itself. */
export function automaticCards(look: Look, outside: Outside): Readonly<Record<string, Card>> {
  const release = exampleDecision(outside)
  const asked = exampleView(exampleRun(), { release })
  const acting = exampleView(confirmedRun(), { release })
  const left = (reason: string) =>
    leftCard({ release: exampleRelease(outside), reason, detail: detailOf(outside) }, look)
  const mode = exampleMode(outside)
  return {
    'automatic: asks': askCard(asked, release, look),
    'automatic: asks, nobody answered': askCard(asked, { ...release, escalatedAt: now, reason: 'two_people' }, look),
    'automatic: acts': actingCard(acting, release, channelLink('C0INC'), look),
    'automatic: noted': notedCard({ release: exampleRelease(outside), reason: 'person_at_work', detail: {} }, look),
    ...Object.fromEntries(
      [...leaveReasons, 'unheard_of'].map((reason) => [`automatic: leaves, ${reason}`, left(reason)]),
    ),
    'automatic: modes': modesCard([mode, { ...mode, mode: 'act', override: undefined, last: undefined }], look),
    'automatic: many modes': modesCard(
      Array.from({ length: 80 }, () => mode),
      look,
    ),
    'automatic: set': modeSetCard(mode, look),
    'automatic: beyond': beyondCatalogCard(outside.name, 'ask', look),
  }
}
