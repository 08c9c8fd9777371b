import type { ActionsBlock, InputBlock, KnownBlock, ModalView, StaticSelect } from '@slack/types'
import { whoIs } from '../../operations/rollback/texts/managers.ts'
import type { RevisionInfo } from '../../operations/rollback/types.ts'
import type { ColorChoices } from '../../operations/switch-color/choices.ts'
import { emergencyValue, modalIds, rollbackInputs } from '../actions.ts'
import { context, option, plain, section } from '../blocks.ts'
import { type Mrkdwn, mrkdwn } from '../escape.ts'
import { shortImage } from '../image.ts'
import { inLanguage, type Look } from '../language.ts'
import { slackLimits } from '../limits.ts'
import { emergencyWords } from '../words/emergency.ts'
import { modalWords } from '../words/modal.ts'
import { colorBlocks } from './colors.ts'
import { reasonInput } from './reason.ts'
import { currentState, revisionInput, type ShownReadiness } from './revisions.ts'

export type RollbackModal = {
  /** Names of the catalog's apps. */
  readonly apps: readonly string[]
  readonly app: string | undefined
  readonly revisions:
    | { readonly kind: 'no_app' }
    | { readonly kind: 'loading' }
    /** Why there are none: a sentence of `noticeText`. */
    | { readonly kind: 'problem'; readonly text: Mrkdwn }
    | {
        readonly kind: 'there'
        readonly current: RevisionInfo | undefined
        readonly readiness: ShownReadiness | undefined
        /** Newest first, without the current one. */
        readonly others: readonly RevisionInfo[]
        /** The one chosen beforehand; absent: the last healthy one is left to the plan. */
        readonly chosen: number | undefined
        /** Only where the rollout is paused, and nothing but an emergency goes back: who did it, or empty. */
        readonly pausedBy?: string
      }
    /** An app of two colours: it is switched, not rolled back. */
    | ({ readonly kind: 'colors' } & ColorChoices)
  readonly reason: string | undefined
  /** The box of an emergency was ticked before another app was chosen. */
  readonly emergency?: boolean
  /** Kept for whoever handles the submission: where the command was typed, and so on. */
  readonly metadata: string
}

/** The form of `/rollback`: opened at once with what is known, filled in when the cluster has answered. */
export function rollbackModal(modal: RollbackModal, look: Look): ModalView {
  const words = inLanguage(modalWords, look)
  const { revisions } = modal
  const fillable = isFillable(modal)
  return {
    type: 'modal',
    callback_id: modalIds.rollback,
    title: plain(words.title, slackLimits.modalTitle),
    close: plain(words.close, slackLimits.modalButton),
    ...(fillable ? { submit: plain(words.submit, slackLimits.modalButton) } : {}),
    private_metadata: modal.metadata.slice(0, slackLimits.privateMetadata),
    blocks: [
      fillable ? appInput(modal, look) : appChoice(modal, look),
      ...revisionBlocks(modal, look),
      ...(fillable && revisions.kind === 'there' ? [emergencyInput(modal, look)] : []),
      ...(fillable ? [whyInput(modal, look)] : []),
    ],
  }
}

function isFillable({ revisions }: RollbackModal): boolean {
  if (revisions.kind === 'there') return revisions.others.length > 0
  return revisions.kind === 'colors' && revisions.decision.kind === 'proceed'
}

function whyInput({ reason }: RollbackModal, look: Look): InputBlock {
  const words = inLanguage(modalWords, look)
  const written = reason === undefined ? {} : { written: reason }
  return reasonInput({ label: words.reason, placeholder: words.reasonPlaceholder, needed: false, ...written }, look)
}

function appInput(modal: RollbackModal, look: Look): InputBlock {
  const words = inLanguage(modalWords, look)
  return {
    type: 'input',
    block_id: rollbackInputs.app.block,
    dispatch_action: true,
    label: plain(words.app, slackLimits.label),
    element: appSelect(modal, look),
  }
}

/** Without revisions there is nothing to submit, and Slack demands a submit button beside every input: so it is none. */
function appChoice(modal: RollbackModal, look: Look): ActionsBlock {
  return { type: 'actions', block_id: rollbackInputs.app.block, elements: [appSelect(modal, look)] }
}

function appSelect(modal: RollbackModal, look: Look): StaticSelect {
  const words = inLanguage(modalWords, look)
  const options = modal.apps.slice(0, slackLimits.options).map((app) => option(app, app))
  const initial = options.find(({ value }) => value === modal.app)
  return {
    type: 'static_select',
    action_id: rollbackInputs.app.action,
    placeholder: plain(words.appPlaceholder, slackLimits.placeholder),
    options,
    ...(initial === undefined ? {} : { initial_option: initial }),
  }
}

function revisionBlocks(modal: RollbackModal, look: Look): readonly KnownBlock[] {
  const words = inLanguage(modalWords, look)
  const { revisions } = modal
  if (revisions.kind === 'no_app') return [context(mrkdwn`${words.chooseApp}`)]
  if (revisions.kind === 'loading') return [section(mrkdwn`${words.loading}`)]
  if (revisions.kind === 'problem') return [section(revisions.text)]
  if (revisions.kind === 'colors') return colorBlocks(modal.app ?? '', revisions, look)
  const { current, readiness, others, chosen, pausedBy } = revisions
  const state = readiness === undefined ? '—' : currentState(readiness, look)
  const now =
    current === undefined
      ? []
      : [section(mrkdwn`${words.current(String(current.revision), current.images.map(shortImage).join(', '), state)}`)]
  if (others.length === 0) return [...now, section(mrkdwn`${words.noOthers}`)]
  const paused = pausedBy === undefined ? [] : [section(inLanguage(emergencyWords, look).paused(whoIs(pausedBy, look)))]
  return [...now, ...paused, revisionInput(modal.app ?? '', others, chosen, look)]
}

/** Breaks glass: said beside the box, so that nobody ticks it to be quicker. */
function emergencyInput(modal: RollbackModal, look: Look): InputBlock {
  const words = inLanguage(emergencyWords, look)
  const box = option(emergencyValue, words.box, words.boxAbout)
  return {
    type: 'input',
    block_id: rollbackInputs.emergency.block,
    optional: true,
    label: plain(words.boxLabel, slackLimits.label),
    element: {
      type: 'checkboxes',
      action_id: rollbackInputs.emergency.action,
      options: [box],
      ...(modal.emergency === true ? { initial_options: [box] } : {}),
    },
  }
}
