import type { InputBlock, PlainTextOption } from '@slack/types'
import type { Readiness, RevisionInfo } from '../../operations/rollback/types.ts'
import { revisionBlock, rollbackInputs } from '../actions.ts'
import { ageOf, roughly } from '../amounts.ts'
import { option, plain } from '../blocks.ts'
import { shortImage } from '../image.ts'
import { inLanguage, type Look } from '../language.ts'
import { slackLimits } from '../limits.ts'
import { modalWords } from '../words/modal.ts'

/** What is known of the pods: older ones that still serve are told apart where there are any. */
export type ShownReadiness = Pick<Readiness, 'ready' | 'desired'> & Partial<Readiness>

/** More than this many choices are a menu, not a list of radio buttons. */
const listed = 9

/** Ready pods of the current revision, and apart from them those of older ones that still serve. */
export function currentState({ ready, desired, updated, oldReady, oldRevisions }: ShownReadiness, look: Look): string {
  const words = inLanguage(modalWords, look)
  if (oldReady === undefined || oldReady === 0) return words.currentState(ready, desired)
  const wanted = Math.max(updated ?? 0, ready) || desired
  return words.besideOld(words.newState(ready, wanted), words.oldServe(oldReady, oldRevisions?.join(', ')))
}

/** The choices, the last healthy one chosen beforehand. */
export function revisionInput(
  app: string,
  others: readonly RevisionInfo[],
  chosen: number | undefined,
  look: Look,
): InputBlock {
  const words = inLanguage(modalWords, look)
  const shown = others.slice(0, slackLimits.options)
  const all = shown.map((revision) => revisionOption(revision, revision.revision === chosen, look))
  // Without one that the bot would choose itself, people choose: nothing is preselected.
  const initial = all.find(({ value }) => value === String(chosen))
  const common = {
    action_id: rollbackInputs.revision.action,
    options: all,
    ...(initial === undefined ? {} : { initial_option: initial }),
  }
  return {
    type: 'input',
    block_id: revisionBlock(app),
    label: plain(words.revision, slackLimits.label),
    hint: plain(words.revisionHint, slackLimits.label),
    element:
      all.length <= listed
        ? { type: 'radio_buttons', ...common }
        : { type: 'static_select', ...common, placeholder: plain(words.revisionPlaceholder, slackLimits.placeholder) },
  }
}

/** "41 · app:2.7.3 (last healthy)", below it age, health and what its release said. */
function revisionOption(revision: RevisionInfo, chosen: boolean, look: Look): PlainTextOption {
  const words = inLanguage(modalWords, look)
  const images = revision.images.map(shortImage).join(', ')
  const age = ageOf(revision.createdAt, look)
  const { healthySeconds, healthyKnownBy } = revision
  const health =
    healthySeconds === undefined || healthyKnownBy === 'unknown'
      ? words.healthy.unknown
      : words.healthy[healthyKnownBy](roughly(healthySeconds, look))
  const told = [
    revision.failedBefore === undefined ? health : words.failedBefore,
    ...(age === undefined ? [] : [words.old(age)]),
    ...(revision.changeCause === undefined ? [] : [revision.changeCause]),
  ]
  const name = [`${revision.revision} · ${images}`, ...(chosen ? [words.chosen] : [])].join(' ')
  return option(String(revision.revision), name, told.join(' · '))
}
