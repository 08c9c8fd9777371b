import { mayLook } from '../operations/look.ts'
import { readStatus } from '../status/read.ts'
import { listEvidence, readEvidence } from '../store/evidence.ts'
import { getRun } from '../store/runs.ts'
import { noticeCard } from '../texts/cards/notice.ts'
import { statusCard } from '../texts/cards/status.ts'
import { statusDetailCard } from '../texts/cards/status-detail.ts'
import { evidenceModal, loadingModal, planModal } from '../texts/modals/evidence.ts'
import { openRollbackModal } from './rollback-modal.ts'
import { withRun } from './runs.ts'
import type { ButtonHandler, Click } from './types.ts'
import { updateView } from './views.ts'

/** Logs and events that were kept, in a modal: opened at once, filled in when the store has answered. */
export const evidenceButton: ButtonHandler = (click) =>
  looking(click, () =>
    withRun(click, async (id) => {
      const { surface, asker, triggerId } = click
      const { db } = surface.desk.services
      const opened = await surface.web.views.open({ trigger_id: triggerId, view: loadingModal(asker.look) })
      const run = await getRun(db, id)
      const view = opened.view?.id
      if (run === undefined || view === undefined) return
      const kept = await listEvidence(db, id)
      const items = await Promise.all(
        kept.map(async ({ name, kind, position }) => ({
          name,
          kind,
          content: (await readEvidence(db, id, position))?.content ?? '',
        })),
      )
      await updateView(surface, view, evidenceModal(run, items, asker.look))
    }),
  )

export const wholePlanButton: ButtonHandler = (click) =>
  looking(click, () =>
    withRun(click, async (id) => {
      const run = await getRun(click.surface.desk.services.db, id)
      if (run === undefined) return click.reply(noticeCard({ kind: 'unknown_run', run: id }, click.asker.look))
      await click.surface.web.views.open({ trigger_id: click.triggerId, view: planModal(run, click.asker.look) })
    }),
  )

export const statusRefreshButton: ButtonHandler = (click) =>
  looking(click, async () =>
    click.reply(statusCard(await readStatus(click.surface.desk.services), click.asker.look), { replace: true }),
  )

/** Value: `kind/name`. */
export const statusDetailButton: ButtonHandler = (click) =>
  looking(click, async () => {
    const name = click.value?.split('/').at(1) ?? ''
    const status = await readStatus(click.surface.desk.services, { name, deep: true })
    const component = status.components[0]
    if (component === undefined) return click.reply(noticeCard({ kind: 'old_click' }, click.asker.look))
    await click.reply(statusDetailCard(component, status, click.asker.look))
  })

export const rollbackButton: ButtonHandler = (click) =>
  openRollbackModal(click.surface, click.asker, { ...click, app: click.value })

async function looking(click: Click, body: () => Promise<void>): Promise<void> {
  const denied = mayLook(click.surface.desk.services.catalog, click.asker.person)
  if (denied !== undefined)
    return click.reply(noticeCard({ kind: 'denied', ability: 'look', ...denied }, click.asker.look))
  await body()
}
