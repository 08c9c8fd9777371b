import { z } from 'zod'
import { startRun } from '../operations/start.ts'
import { noticeOfStart } from '../surface/notices.ts'
import { originOf } from '../surface/origin.ts'
import type { Asker, Surface } from '../surface/types.ts'
import { rollbackInputs } from '../texts/actions.ts'
import { noticeText } from '../texts/cards/notice.ts'
import { readRollbackValues } from '../texts/modals/rollback-values.ts'
import { plainText } from '../texts/plain.ts'

export type Submission = {
  readonly viewId: string
  readonly metadata: string
  readonly values: unknown
}

/** Errors by block, as Slack shows them under the fields; undefined when the form may close. */
export type SubmitErrors = Readonly<Record<string, string>> | undefined

const metadataSchema = z.object({ channel: z.string().nullable() })

/** The form was sent. The view's id is the idempotency key: sent twice, it is one run. */
export async function submitRollback(surface: Surface, asker: Asker, submission: Submission): Promise<SubmitErrors> {
  const { app, toRevision, reason } = readRollbackValues(submission.values)
  const channel = channelOf(submission.metadata)
  const params = {
    app: app ?? '',
    ...(toRevision === undefined ? {} : { toRevision }),
    ...(reason === undefined ? {} : { reason }),
  }
  const started = await startRun(
    surface.desk,
    {
      operation: 'rollback',
      params,
      actor: asker.actor,
      origin: originOf(surface, channel),
      idempotencyKey: `view:${submission.viewId}`,
    },
    asker.person,
  )
  if (started.kind === 'started' || started.kind === 'again') return undefined
  const notice = noticeOfStart(started)
  return { [rollbackInputs.app.block]: notice === undefined ? started.kind : plainText(noticeText(notice, asker.look)) }
}

function channelOf(metadata: string): string | undefined {
  try {
    return metadataSchema.safeParse(JSON.parse(metadata)).data?.channel ?? undefined
  } catch {
    return undefined
  }
}
