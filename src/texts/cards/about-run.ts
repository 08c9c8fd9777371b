import type { KnownBlock } from '@slack/types'
import { context } from '../blocks.ts'
import { cutPlain } from '../clean.ts'
import { textIn } from '../data.ts'
import { channelLink, code, type Mrkdwn, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { actorOf } from '../people.ts'
import type { RunView } from '../views.ts'
import { automaticWords } from '../words/automatic.ts'
import { commonWords } from '../words/common.ts'
import { runWords } from '../words/run.ts'
import { toldRelease } from './automatic-release.ts'
import { reviewLine } from './review-line.ts'

/** The small print under every card of a run: its id, who asked and why, what was kept, who may decide. */
export function aboutRun(view: RunView, look: Look): readonly Mrkdwn[] {
  const { run, evidence, rule } = view
  const words = inLanguage(runWords, look)
  const reason = cutPlain(textIn(run.params, 'reason').trim(), 300)
  const role = rule === undefined ? '' : inLanguage(commonWords, look).roles[rule.by]
  return [
    code(run.id),
    words.requestedBy(actorOf(run.actor, look)),
    reason === '' ? undefined : words.reason(mrkdwn`${reason}`),
    run.undoOf === undefined ? undefined : mrkdwn`${words.undoOf(run.undoOf)}`,
    reviewLine(view.review, look),
    releaseLine(view, look),
    evidence.length === 0 ? undefined : mrkdwn`${words.evidence(evidence.length)}`,
    rule === undefined || run.state !== 'waiting'
      ? undefined
      : mrkdwn`${rule.approvals > 1 ? words.needsTwo(role) : words.needs(role)}`,
  ].filter((text) => text !== undefined)
}

/** Why a watcher asked: the release that it found bad. */
function releaseLine({ release }: RunView, look: Look): Mrkdwn | undefined {
  if (release === undefined) return undefined
  const told = toldRelease(release.release, look)
  return inLanguage(automaticWords, look).because(told.revision, told.what)
}

/** Says why a card is not where people expect it. */
export function movedLine(view: RunView, look: Look): readonly KnownBlock[] {
  if (view.movedFrom === undefined) return []
  return [context(inLanguage(runWords, look).moved(channelLink(view.movedFrom)))]
}
