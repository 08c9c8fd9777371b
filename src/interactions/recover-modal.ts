import { hasRole, peopleWith } from '../catalog/people.ts'
import { mayStart } from '../operations/policy.ts'
import { readRestorePoints } from '../operations/recover-postgres/choices.ts'
import { restorable } from '../operations/recover-postgres/place.ts'
import { failureOf } from '../operations/run/failure.ts'
import type { Asker, Reply, Surface } from '../surface/types.ts'
import { nearest } from '../surface/words.ts'
import { noticeCard } from '../texts/cards/notice.ts'
import { type RecoverModal, recoverModal } from '../texts/modals/recover.ts'
import type { Notice } from '../texts/notices.ts'
import { updateView } from './views.ts'

type Request = {
  readonly database: string | undefined
  readonly reason?: string | undefined
  readonly channel: string | undefined
  readonly triggerId: string
  readonly reply: Reply
}

/** Opens the form at once (the trigger lives 3 s), and fills in the restore points when they have been looked at. */
export async function openRecoverModal(surface: Surface, asker: Asker, request: Request): Promise<void> {
  const databases = restorable(surface.desk.services.catalog)
  const refused = refusal(surface, asker, request.database, databases)
  if (refused !== undefined) return request.reply(noticeCard(refused, asker.look))
  const database = request.database ?? (databases.length === 1 ? databases[0] : undefined)
  const first: RecoverModal = {
    databases,
    database,
    points: database === undefined ? { kind: 'no_database' } : { kind: 'loading' },
    reason: request.reason,
    metadata: JSON.stringify({ channel: request.channel ?? null }),
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
  const databases = restorable(surface.desk.services.catalog)
  if (!databases.includes(database)) return
  const { metadata, reason } = view
  const modal: RecoverModal = { databases, database, points: { kind: 'loading' }, reason, metadata }
  await updateView(surface, view.id, recoverModal(modal, asker.look))
  await fill(surface, asker, { id: view.id, modal, database })
}

async function fill(
  surface: Surface,
  asker: Asker,
  open: { readonly id: string; readonly modal: RecoverModal; readonly database: string },
): Promise<void> {
  const points = await readRestorePoints(surface.desk.services, open.database).then(
    (choices): RecoverModal['points'] => ({ kind: 'there', ...choices }),
    (error: unknown): RecoverModal['points'] => {
      surface.log.warn({ database: open.database, err: error }, 'the restore points could not be read')
      return { kind: 'problem', why: failureOf(error).reason }
    },
  )
  await updateView(surface, open.id, recoverModal({ ...open.modal, points }, asker.look))
}

function refusal(
  surface: Surface,
  asker: Asker,
  database: string | undefined,
  allowed: readonly string[],
): Notice | undefined {
  const { catalog } = surface.desk.services
  if (!hasRole(asker.person.role, mayStart))
    return { kind: 'denied', ability: 'start', needed: mayStart, who: peopleWith(catalog, mayStart) }
  const value = database ?? ''
  if (allowed.length > 0 && (database === undefined || allowed.includes(database))) return undefined
  return { kind: 'unknown_name', value, allowed, nearest: nearest(value, allowed) }
}
