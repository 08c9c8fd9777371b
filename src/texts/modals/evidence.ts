import type { KnownBlock, ModalView } from '@slack/types'
import type { EvidenceRow, RunRow } from '../../store/types.ts'
import { modalIds } from '../actions.ts'
import { context, header, plain, richOutput, section } from '../blocks.ts'
import { listIn, textIn } from '../data.ts'
import { mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { slackLimits } from '../limits.ts'
import { operationTexts } from '../operation-texts.ts'
import { commonWords } from '../words/common.ts'
import { modalWords } from '../words/modal.ts'

export type ShownEvidence = {
  readonly name: string
  readonly content: string
  /** Absent: the item keeps its place among those without one. */
  readonly kind?: EvidenceRow['kind']
}

const shownItems = 20
const shownCharacters = 2500

/** What was kept before anything changed: logs and events, of each its end. */
export function evidenceModal(run: RunRow, items: readonly ShownEvidence[], look: Look): ModalView {
  const words = inLanguage(modalWords, look)
  const blocks = ordered(run, items)
    .slice(0, shownItems)
    .flatMap((item): KnownBlock[] => {
      const end = item.content.trimEnd()
      const cut = end.length > shownCharacters
      // The end of a log tells why; from the next whole line on.
      const shown = cut ? end.slice(-shownCharacters).replace(/^[^\n]*\n/, '') : end
      return [
        header(item.kind === 'previous-log' ? words.evidencePrevious(item.name) : item.name),
        richOutput(shown, shownCharacters),
        ...(cut ? [context(mrkdwn`${words.evidenceCut}`)] : []),
      ]
    })
  const about = section(operationTexts(run.operation).asked(run.params, look))
  return {
    ...reading(modalIds.evidence, words.evidenceTitle, look),
    blocks: [about, ...(blocks.length === 0 ? [section(mrkdwn`${words.evidenceEmpty}`)] : blocks)],
  }
}

const ranks: Readonly<Record<EvidenceRow['kind'], number>> = {
  'previous-log': 2,
  log: 3,
  events: 4,
  note: 5,
  object: 6,
}

/** Logs of failing pods first, of each the previous one, which tells why it died; then other logs; objects last. */
function ordered(run: RunRow, items: readonly ShownEvidence[]): readonly ShownEvidence[] {
  const died = items.filter(({ kind }) => kind === 'previous-log').map(({ name }) => podOf(name))
  const failing = new Set([...died, ...listIn(run.plan, 'problems').map((problem) => textIn(problem, 'pod'))])
  const rank = ({ kind, name }: ShownEvidence): number => {
    if (kind === undefined) return ranks.events
    const isLog = kind === 'log' || kind === 'previous-log'
    return isLog && failing.has(podOf(name)) ? ranks[kind] - 2 : ranks[kind]
  }
  return items.toSorted((a, b) => rank(a) - rank(b))
}

/** A log is named `pod/container`. */
const podOf = (name: string): string => name.split('/')[0] ?? name

/** A plan told in full. */
export function planModal(run: RunRow, look: Look): ModalView {
  const words = inLanguage(modalWords, look)
  const plan = operationTexts(run.operation).plan(run.plan, look)
  const told = plan.whole.slice(0, slackLimits.viewBlocks - 2).map((line) => section(line))
  return {
    ...reading(modalIds.plan, words.planTitle, look),
    blocks: [section(plan.what), ...(told.length === 0 ? [section(mrkdwn`${words.planEmpty}`)] : told)],
  }
}

/** Shown while the store is asked: a trigger lives three seconds. */
export function loadingModal(look: Look): ModalView {
  const words = inLanguage(modalWords, look)
  return { ...reading(modalIds.evidence, words.evidenceTitle, look), blocks: [section(mrkdwn`${words.loading}`)] }
}

function reading(id: string, title: string, look: Look): Omit<ModalView, 'blocks'> {
  return {
    type: 'modal',
    callback_id: id,
    title: plain(title, slackLimits.modalTitle),
    close: plain(inLanguage(commonWords, look).close, slackLimits.modalButton),
  }
}
