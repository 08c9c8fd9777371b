import { z } from 'zod'
import { startRun } from '../operations/start.ts'
import { originOf } from '../surface/origin.ts'
import type { Asker, Surface } from '../surface/types.ts'
import { wayBack } from '../surface/way-back.ts'
import { rollbackInputs } from '../texts/actions.ts'
import { noticeText } from '../texts/cards/notice.ts'
import { readRollbackValues } from '../texts/modals/rollback-values.ts'
import { plainText } from '../texts/plain.ts'
import { errorsOf, type Submission, type SubmitErrors } from './submission.ts'

const metadataSchema = z.object({ channel: z.string().nullable() })

/** The form was sent. The view's id is the idempotency key: sent twice, it is one run. */
export async function submitRollback(surface: Surface, asker: Asker, submission: Submission): Promise<SubmitErrors> {
  const { app, ...asked } = readRollbackValues(submission.values)
  const channel = channelOf(submission.metadata)
  const way = wayBack(surface.desk.services.catalog, { ...asked, app: app ?? '' })
  if (way.kind === 'bad_input') return { [rollbackInputs.app.block]: plainText(noticeText(way, asker.look)) }
  const started = await startRun(
    surface.desk,
    {
      operation: way.operation,
      params: way.params,
      actor: asker.actor,
      origin: originOf(surface, channel),
      idempotencyKey: `view:${submission.viewId}`,
    },
    asker.person,
  )
  return errorsOf(started, rollbackInputs.app.block, asker.look)
}

function channelOf(metadata: string): string | undefined {
  try {
    return metadataSchema.safeParse(JSON.parse(metadata)).data?.channel ?? undefined
  } catch {
    return undefined
  }
}
