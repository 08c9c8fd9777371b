import { z } from 'zod'
import { startRun } from '../operations/start.ts'
import { originOf } from '../surface/origin.ts'
import type { Asker, Surface } from '../surface/types.ts'
import { recoverInputs } from '../texts/actions.ts'
import { readRecoverValues } from '../texts/modals/recover-values.ts'
import { errorsOf, type Submission, type SubmitErrors } from './submission.ts'

const metadataSchema = z.object({ channel: z.string().nullable() })

/** The form was sent. The view's id is the idempotency key: sent twice, it is one run. */
export async function submitRecover(surface: Surface, asker: Asker, submission: Submission): Promise<SubmitErrors> {
  const { database, point, copy, apps, reason } = readRecoverValues(submission.values)
  const started = await startRun(
    surface.desk,
    {
      operation: 'recover-postgres',
      params: {
        database: database ?? '',
        ...(point === undefined ? {} : { point }),
        ...(copy ? { copy } : {}),
        ...(apps === undefined ? {} : { apps }),
        ...(reason === undefined ? {} : { reason }),
      },
      actor: asker.actor,
      origin: originOf(surface, channelOf(submission.metadata)),
      idempotencyKey: `view:${submission.viewId}`,
    },
    asker.person,
  )
  return errorsOf(started, recoverInputs.database.block, asker.look)
}

function channelOf(metadata: string): string | undefined {
  try {
    return metadataSchema.safeParse(JSON.parse(metadata)).data?.channel ?? undefined
  } catch {
    return undefined
  }
}
