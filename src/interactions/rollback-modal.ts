import { hasRole, peopleWith } from '../catalog/people.ts'
import { mayStart } from '../operations/policy.ts'
import { readChoices } from '../operations/rollback/choices.ts'
import { failureOf } from '../operations/run/failure.ts'
import { readColorChoices } from '../operations/switch-color/choices.ts'
import type { Asker, Reply, Surface } from '../surface/types.ts'
import { colorsOf } from '../surface/way-back.ts'
import { nearest } from '../surface/words.ts'
import { noticeCard, noticeText } from '../texts/cards/notice.ts'
import { type RollbackModal, rollbackModal } from '../texts/modals/rollback.ts'
import type { Notice } from '../texts/notices.ts'
import { updateView } from './views.ts'

export type ModalRequest = {
  readonly app: string | undefined
  readonly reason?: string
  readonly channel: string | undefined
  readonly triggerId: string
  readonly reply: Reply
}

/** Opens the form at once, with what is known (the trigger lives 3 s), and fills in the revisions when the cluster has answered. */
export async function openRollbackModal(surface: Surface, asker: Asker, request: ModalRequest): Promise<void> {
  const { catalog } = surface.desk.services
  const apps = Object.keys(catalog.apps)
  const refused = refusal(surface, asker, request.app)
  if (refused !== undefined) return request.reply(noticeCard(refused, asker.look))
  const app = request.app ?? (apps.length === 1 ? apps[0] : undefined)
  const metadata = JSON.stringify({ channel: request.channel ?? null })
  const first: RollbackModal = {
    apps,
    app,
    revisions: app === undefined ? { kind: 'no_app' } : { kind: 'loading' },
    reason: request.reason,
    metadata,
  }
  const opened = await surface.web.views.open({ trigger_id: request.triggerId, view: rollbackModal(first, asker.look) })
  const id = opened.view?.id
  if (app !== undefined && id !== undefined) await fillRevisions(surface, asker, { id, modal: first, app })
}

/** Another app was chosen in the open form. */
export async function chooseApp(
  surface: Surface,
  asker: Asker,
  view: {
    readonly id: string
    readonly metadata: string
    readonly reason: string | undefined
    readonly emergency: boolean
  },
  app: string,
): Promise<void> {
  const apps = Object.keys(surface.desk.services.catalog.apps)
  const modal: RollbackModal = {
    apps,
    app,
    revisions: { kind: 'loading' },
    reason: view.reason,
    emergency: view.emergency,
    metadata: view.metadata,
  }
  await updateView(surface, view.id, rollbackModal(modal, asker.look))
  await fillRevisions(surface, asker, { id: view.id, modal, app })
}

async function fillRevisions(
  surface: Surface,
  asker: Asker,
  open: { readonly id: string; readonly modal: RollbackModal; readonly app: string },
): Promise<void> {
  const revisions = await readWays(surface, open.app).catch((error: unknown): RollbackModal['revisions'] => ({
    kind: 'problem',
    text: noticeText(problemOf(surface, open.app, error), asker.look),
  }))
  await updateView(surface, open.id, rollbackModal({ ...open.modal, revisions }, asker.look))
}

/** The revisions of an app, or its two colours. @throws KubernetesError */
async function readWays({ desk: { services } }: Surface, app: string): Promise<RollbackModal['revisions']> {
  if (colorsOf(services.catalog, app) !== undefined)
    return { kind: 'colors', ...(await readColorChoices(services, app)) }
  return { kind: 'there', ...(await readChoices(services, app)) }
}

function refusal(surface: Surface, asker: Asker, app: string | undefined): Notice | undefined {
  const { catalog } = surface.desk.services
  if (!hasRole(asker.person.role, mayStart))
    return { kind: 'denied', ability: 'start', needed: mayStart, who: peopleWith(catalog, mayStart) }
  if (app === undefined || Object.hasOwn(catalog.apps, app)) return undefined
  const allowed = Object.keys(catalog.apps)
  return { kind: 'unknown_app', value: app, allowed, nearest: nearest(app, allowed) }
}

function problemOf(surface: Surface, app: string, error: unknown): Notice {
  const failure = failureOf(error)
  surface.log.warn({ app, reason: failure.reason, err: error }, 'the revisions could not be read')
  const message = typeof failure.detail['message'] === 'string' ? failure.detail['message'] : ''
  return { kind: failure.reason === 'forbidden' ? 'forbidden' : 'cluster_away', app, message }
}
