import type { ActionsBlock, InputBlock, KnownBlock, ModalView, PlainTextOption, StaticSelect } from '@slack/types'
import type { RevisionInfo } from '../../operations/rollback/types.ts'
import { modalIds, revisionBlock, rollbackInputs } from '../actions.ts'
import { ageOf, roughly } from '../amounts.ts'
import { context, option, plain, section } from '../blocks.ts'
import { type Mrkdwn, mrkdwn } from '../escape.ts'
import { shortImage } from '../image.ts'
import { inLanguage, type Look } from '../language.ts'
import { slackLimits } from '../limits.ts'
import { modalWords } from '../words/modal.ts'

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
        readonly readiness: { readonly ready: number; readonly desired: number } | undefined
        /** Newest first, without the current one. */
        readonly others: readonly RevisionInfo[]
        /** The one chosen beforehand; absent: the last healthy one is left to the plan. */
        readonly chosen: number | undefined
      }
  readonly reason: string | undefined
  /** Kept for whoever handles the submission: where the command was typed, and so on. */
  readonly metadata: string
}

/** More than this many choices are a menu, not a list of radio buttons. */
const listed = 9

/** The form of `/rollback`: opened at once with what is known, filled in when the cluster has answered. */
export function rollbackModal(modal: RollbackModal, look: Look): ModalView {
  const words = inLanguage(modalWords, look)
  const { revisions } = modal
  const fillable = revisions.kind === 'there' && revisions.others.length > 0
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
      ...(fillable ? [reasonInput(modal, look)] : []),
    ],
  }
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
  const { current, readiness, others, chosen } = revisions
  const state = readiness === undefined ? '—' : words.currentState(readiness.ready, readiness.desired)
  const now =
    current === undefined
      ? []
      : [section(mrkdwn`${words.current(String(current.revision), current.images.map(shortImage).join(', '), state)}`)]
  if (others.length === 0) return [...now, section(mrkdwn`${words.noOthers}`)]
  return [...now, revisionInput(modal, others, chosen, look)]
}

function revisionInput(
  modal: RollbackModal,
  others: readonly RevisionInfo[],
  chosen: number | undefined,
  look: Look,
): InputBlock {
  const words = inLanguage(modalWords, look)
  const shown = others.slice(0, slackLimits.options)
  const options = shown.map((revision) => revisionOption(revision, revision.revision === chosen, look))
  // Without one that the bot would choose itself, people choose: nothing is preselected.
  const all = options
  const initial = all.find(({ value }) => value === String(chosen))
  const common = {
    action_id: rollbackInputs.revision.action,
    options: all,
    ...(initial === undefined ? {} : { initial_option: initial }),
  }
  return {
    type: 'input',
    block_id: revisionBlock(modal.app ?? ''),
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

function reasonInput(modal: RollbackModal, look: Look): InputBlock {
  const words = inLanguage(modalWords, look)
  return {
    type: 'input',
    block_id: rollbackInputs.reason.block,
    optional: true,
    label: plain(words.reason, slackLimits.label),
    hint: plain(words.reasonHint, slackLimits.label),
    element: {
      type: 'plain_text_input',
      action_id: rollbackInputs.reason.action,
      multiline: true,
      max_length: 1000,
      placeholder: plain(words.reasonPlaceholder, slackLimits.placeholder),
      ...(modal.reason === undefined || modal.reason === '' ? {} : { initial_value: modal.reason.slice(0, 1000) }),
    },
  }
}
