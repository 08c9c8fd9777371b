import type { InputBlock, KnownBlock, ModalView } from '@slack/types'
import { modalIds, rollbackInputs } from '../actions.ts'
import { option, plain, section } from '../blocks.ts'
import { code, lines } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { slackLimits } from '../limits.ts'
import { emergencyWords } from '../words/emergency.ts'
import { modalWords } from '../words/modal.ts'
import { reasonInput } from './reason.ts'

export type EmergencyModal = {
  /** Names of the catalog's apps, from which people choose when none was named. */
  readonly apps: readonly string[]
  readonly app: string | undefined
  readonly toRevision: number | undefined
  readonly reason: string | undefined
  /** Kept for whoever handles the submission. */
  readonly metadata: string
}

/** An emergency without a reason is no dead end: what was said stays, and only what is missing is asked for. */
export function emergencyModal(modal: EmergencyModal, look: Look): ModalView {
  const words = inLanguage(emergencyWords, look)
  const common = inLanguage(modalWords, look)
  const { app, toRevision, reason } = modal
  const written = reason === undefined ? {} : { written: reason }
  const about =
    app === undefined ? words.anyApp : words.about(code(app), toRevision === undefined ? undefined : String(toRevision))
  const blocks: KnownBlock[] = [
    ...(app === undefined ? [appInput(modal.apps, look)] : []),
    section(lines([about, words.next])),
    reasonInput({ label: words.reason, placeholder: words.reasonPlaceholder, needed: true, ...written }, look),
  ]
  return {
    type: 'modal',
    callback_id: modalIds.emergency,
    title: plain(words.title, slackLimits.modalTitle),
    submit: plain(common.submit, slackLimits.modalButton),
    close: plain(common.close, slackLimits.modalButton),
    private_metadata: modal.metadata.slice(0, slackLimits.privateMetadata),
    blocks,
  }
}

/** The same block as in the form of `/rollback`, but without revisions to fill in after the choice. */
function appInput(apps: readonly string[], look: Look): InputBlock {
  const words = inLanguage(modalWords, look)
  return {
    type: 'input',
    block_id: rollbackInputs.app.block,
    label: plain(words.app, slackLimits.label),
    element: {
      type: 'static_select',
      action_id: rollbackInputs.app.action,
      placeholder: plain(words.appPlaceholder, slackLimits.placeholder),
      options: apps.slice(0, slackLimits.options).map((app) => option(app, app)),
    },
  }
}
