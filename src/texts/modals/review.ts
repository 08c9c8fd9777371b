import type { ModalView } from '@slack/types'
import type { RunRow } from '../../store/types.ts'
import { modalIds, reviewInputs } from '../actions.ts'
import { plain, section } from '../blocks.ts'
import { code, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { slackLimits } from '../limits.ts'
import { operationTexts } from '../operation-texts.ts'
import { modalWords } from '../words/modal.ts'
import { reviewWords } from '../words/review.ts'

/** The longest remark, in characters. */
const longestRemark = 1000

/** "Not right…": a second person writes what should have been done. The metadata is the run's id. */
export function reviewModal(run: RunRow, look: Look): ModalView {
  const words = inLanguage(reviewWords, look)
  const what = mrkdwn`${code(run.id)} · ${operationTexts(run.operation).asked(run.params, look)}`
  return {
    type: 'modal',
    callback_id: modalIds.review,
    title: plain(words.formTitle, slackLimits.modalTitle),
    submit: plain(words.formSubmit, slackLimits.modalButton),
    close: plain(inLanguage(modalWords, look).close, slackLimits.modalButton),
    private_metadata: run.id,
    blocks: [
      section(words.formAbout(what)),
      {
        type: 'input',
        block_id: reviewInputs.remark.block,
        label: plain(words.remarkLabel, slackLimits.label),
        hint: plain(words.remarkHint, slackLimits.label),
        element: {
          type: 'plain_text_input',
          action_id: reviewInputs.remark.action,
          multiline: true,
          max_length: longestRemark,
          placeholder: plain(words.remarkPlaceholder, slackLimits.placeholder),
        },
      },
    ],
  }
}
