import { z } from 'zod'
import { hasRole, peopleWith } from '../catalog/people.ts'
import { mayStart } from '../operations/policy.ts'
import { choicesOf, databasesOf, type Engine } from '../operations/restoring/points.ts'
import { failureOf } from '../operations/run/failure.ts'
import { unknownDatabase } from '../surface/recover-request.ts'
import type { Asker, Reply, Surface } from '../surface/types.ts'
import { noticeCard } from '../texts/cards/notice.ts'
import { type RecoverModal, recoverModal } from '../texts/modals/recover.ts'
import type { Notice } from '../texts/notices.ts'
import { updateView } from './views.ts'

type Request = {
  /** Only databases of this engine; absent: of any. */
  readonly only?: Engine | undefined
  readonly database: string | undefined
  readonly reason?: string | undefined
  readonly channel: string | undefined
  readonly triggerId: string
  readonly reply: Reply
}

/** Opens the form at once (the trigger lives 3 s), and fills in the restore points when they have been looked at. */
export async function openRecoverModal(surface: Surface, asker: Asker, request: Request): Promise<void> {
  const databases = databasesOf(surface.desk.services.catalog, request.only)
  const refused = refusal(surface, asker, request, databases)
  if (refused !== undefined) return request.reply(noticeCard(refused, asker.look))
  const database = request.database ?? (databases.length === 1 ? databases[0] : undefined)
  const first: RecoverModal = {
    databases,
    database,
    points: database === undefined ? { kind: 'no_database' } : { kind: 'loading' },
    reason: request.reason,
    metadata: JSON.stringify({ channel: request.channel ?? null, only: request.only ?? null }),
  }
  const view = recoverModal(first, asker.look)
  const opened = await surface.web.views.open({ trigger_id: request.triggerId, view })
  const id = opened.view?.id
  if (database !== undefined && id !== undefined) await fill(surface, asker, { id, modal: first, database })
}

/** Another database was chosen in the open form. */
export async function chooseDatabase(
  surface: Surface,
  asker: Asker,
  view: { readonly id: string; readonly metadata: string; readonly reason: string | undefined },
  database: string,
): Promise<void> {
  const { metadata, reason } = view
  const databases = databasesOf(surface.desk.services.catalog, readRecoverMetadata(metadata).only)
  if (!databases.includes(database)) return
  const modal: RecoverModal = { databases, database, points: { kind: 'loading' }, reason, metadata }
  await updateView(surface, view.id, recoverModal(modal, asker.look))
  await fill(surface, asker, { id: view.id, modal, database })
}

async function fill(
  surface: Surface,
  asker: Asker,
  open: { readonly id: string; readonly modal: RecoverModal; readonly database: string },
): Promise<void> {
  const points = await choicesOf(surface.desk.services, open.database).then(
    (choices): RecoverModal['points'] => ({ kind: 'there', ...choices }),
    (error: unknown): RecoverModal['points'] => {
      surface.log.warn({ database: open.database, err: error }, 'the restore points could not be read')
      return { kind: 'problem', why: failureOf(error).reason }
    },
  )
  await updateView(surface, open.id, recoverModal({ ...open.modal, points }, asker.look))
}

const metadataSchema = z.object({
  channel: z.string().nullish().catch(undefined),
  only: z.enum(['postgres', 'mongodb']).nullish().catch(undefined),
})

/** What the form remembers of the request that opened it; nothing of a text that this program did not write. */
export function readRecoverMetadata(text: string): { readonly channel?: string; readonly only?: Engine } {
  try {
    const { channel, only } = metadataSchema.parse(JSON.parse(text))
    return { ...(channel ? { channel } : {}), ...(only ? { only } : {}) }
  } catch {
    return {}
  }
}

function refusal(
  surface: Surface,
  asker: Asker,
  { database, only }: Request,
  allowed: readonly string[],
): Notice | undefined {
  const { catalog } = surface.desk.services
  if (!hasRole(asker.person.role, mayStart))
    return { kind: 'denied', ability: 'start', needed: mayStart, who: peopleWith(catalog, mayStart) }
  if (allowed.length > 0 && (database === undefined || allowed.includes(database))) return undefined
  return unknownDatabase(catalog, database ?? '', only)
}
