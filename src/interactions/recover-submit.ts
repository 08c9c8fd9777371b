import { startRun } from '../operations/start.ts'
import { originOf } from '../surface/origin.ts'
import { recoverRequest } from '../surface/recover-request.ts'
import type { Asker, Surface } from '../surface/types.ts'
import { recoverInputs } from '../texts/actions.ts'
import { noticeText } from '../texts/cards/notice.ts'
import { inLanguage } from '../texts/language.ts'
import { readRecoverValues } from '../texts/modals/recover-values.ts'
import { plainText } from '../texts/plain.ts'
import { recoverModalWords } from '../texts/words/recover.ts'
import { readRecoverMetadata } from './recover-modal.ts'
import { errorsOf, type Submission, type SubmitErrors } from './submission.ts'

/** The form was sent. The view's id is the idempotency key: sent twice, it is one run. */
export async function submitRecover(surface: Surface, asker: Asker, submission: Submission): Promise<SubmitErrors> {
  const { database = '', ...wishes } = readRecoverValues(submission.values)
  const { channel, only } = readRecoverMetadata(submission.metadata)
  if (wishes.scope?.name === '')
    return { [recoverInputs.part.block]: inLanguage(recoverModalWords, asker.look).partNeeded }
  const request = recoverRequest(surface.desk.services.catalog, database, wishes, only)
  if (request.kind !== 'request') return { [recoverInputs.database.block]: plainText(noticeText(request, asker.look)) }
  const { operation, params } = request
  const started = await startRun(
    surface.desk,
    {
      operation,
      params,
      actor: asker.actor,
      origin: originOf(surface, channel),
      idempotencyKey: `view:${submission.viewId}`,
    },
    asker.person,
  )
  return errorsOf(started, recoverInputs.database.block, asker.look)
}
