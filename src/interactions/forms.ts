import { modalIds, recoverInputs, reviewInputs, rollbackInputs } from '../texts/actions.ts'
import { submitEmergency } from './emergency.ts'
import { submitRecover } from './recover-submit.ts'
import { submitReview } from './reviews.ts'
import { submitRollback } from './rollback-submit.ts'
import type { FormHandler } from './submission.ts'

/** Every form that a person can send, by its callback_id. */
export const forms: Readonly<Record<string, FormHandler>> = {
  [modalIds.rollback]: { submit: submitRollback, block: rollbackInputs.app.block },
  [modalIds.emergency]: { submit: submitEmergency, block: rollbackInputs.reason.block },
  [modalIds.recover]: { submit: submitRecover, block: recoverInputs.database.block },
  [modalIds.review]: { submit: submitReview, block: reviewInputs.remark.block },
}
