import { z } from 'zod'
import { hasRole, peopleWith } from '../catalog/people.ts'
import { mayStart } from '../operations/policy.ts'
import { startRun } from '../operations/start.ts'
import { originOf } from '../surface/origin.ts'
import type { Asker, Reply, Surface } from '../surface/types.ts'
import { wayBack } from '../surface/way-back.ts'
import { nearest } from '../surface/words.ts'
import { rollbackInputs } from '../texts/actions.ts'
import { noticeCard, noticeText } from '../texts/cards/notice.ts'
import { emergencyModal } from '../texts/modals/emergency.ts'
import { readRollbackValues } from '../texts/modals/rollback-values.ts'
import type { Notice } from '../texts/notices.ts'
import { plainText } from '../texts/plain.ts'
import { errorsOf, type Submission, type SubmitErrors } from './submission.ts'
import type { ButtonHandler } from './types.ts'

export type EmergencyRequest = {
  readonly app: string | undefined
  readonly toRevision?: number | undefined
  readonly reason?: string | undefined
  readonly channel: string | undefined
  readonly triggerId: string
  readonly reply: Reply
}

/** Asks for the reason that an emergency needs, with all that was said already kept. */
export async function openEmergencyForm(surface: Surface, asker: Asker, request: EmergencyRequest): Promise<void> {
  const apps = Object.keys(surface.desk.services.catalog.apps)
  const refused = refusal(surface, asker, request.app)
  if (refused !== undefined) return request.reply(noticeCard(refused, asker.look))
  const app = request.app ?? (apps.length === 1 ? apps[0] : undefined)
  const { channel, toRevision, reason } = request
  const metadata = JSON.stringify({ channel: channel ?? null, app: app ?? null, toRevision: toRevision ?? null })
  const view = emergencyModal({ apps, app, toRevision, reason, metadata }, asker.look)
  await surface.web.views.open({ trigger_id: request.triggerId, view })
}

/** Value: the app's name. */
export const emergencyButton: ButtonHandler = (click) =>
  openEmergencyForm(click.surface, click.asker, { ...click, app: click.value })

const metadataSchema = z.object({
  channel: z.string().nullable(),
  app: z.string().nullable(),
  toRevision: z.number().nullable(),
})

/** The reason was written: the emergency is planned. The view's id is the idempotency key: sent twice, it is one run. */
export async function submitEmergency(surface: Surface, asker: Asker, submission: Submission): Promise<SubmitErrors> {
  const kept = metadataOf(submission.metadata)
  const { app, reason } = readRollbackValues(submission.values)
  const asked = { app: kept.app ?? app ?? '', toRevision: kept.toRevision ?? undefined, reason, emergency: true }
  const way = wayBack(surface.desk.services.catalog, asked)
  if (way.kind === 'bad_input') return { [rollbackInputs.reason.block]: plainText(noticeText(way, asker.look)) }
  const started = await startRun(
    surface.desk,
    {
      operation: way.operation,
      params: way.params,
      actor: asker.actor,
      origin: originOf(surface, kept.channel ?? undefined),
      idempotencyKey: `view:${submission.viewId}`,
    },
    asker.person,
  )
  return errorsOf(started, rollbackInputs.reason.block, asker.look)
}

function metadataOf(text: string): z.infer<typeof metadataSchema> {
  try {
    return metadataSchema.parse(JSON.parse(text))
  } catch {
    return { channel: null, app: null, toRevision: null }
  }
}

function refusal(surface: Surface, asker: Asker, app: string | undefined): Notice | undefined {
  const { catalog } = surface.desk.services
  if (!hasRole(asker.person.role, mayStart))
    return { kind: 'denied', ability: 'start', needed: mayStart, who: peopleWith(catalog, mayStart) }
  if (app === undefined || Object.hasOwn(catalog.apps, app)) return undefined
  const allowed = Object.keys(catalog.apps)
  return { kind: 'unknown_app', value: app, allowed, nearest: nearest(app, allowed) }
}
