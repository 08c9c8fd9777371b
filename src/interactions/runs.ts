import { mayLook } from '../operations/look.ts'
import { startRun } from '../operations/start.ts'
import { stopRun } from '../operations/stop.ts'
import { undoRun } from '../operations/undo.ts'
import { getRun } from '../store/runs.ts'
import type { RunId } from '../store/types.ts'
import { runDetailOf } from '../surface/lookups.ts'
import { noticeOfStart, noticeOfStop } from '../surface/notices.ts'
import { originOf } from '../surface/origin.ts'
import { readRunId } from '../surface/run-id.ts'
import { readRequest } from '../texts/actions.ts'
import { noticeCard } from '../texts/cards/notice.ts'
import { numberIn, textIn } from '../texts/data.ts'
import { openEmergencyForm } from './emergency.ts'
import { openRecoverModal } from './recover-modal.ts'
import { openRollbackModal } from './rollback-modal.ts'
import type { ButtonHandler, Click } from './types.ts'

export const stopButton: ButtonHandler = (click) =>
  withRun(click, async (run) => {
    const { surface, asker, reply } = click
    const stopped = await stopRun(surface.desk, run, asker.person, asker.actor)
    await reply(noticeCard(noticeOfStop(stopped, run), asker.look))
  })

export const undoButton: ButtonHandler = (click) =>
  withRun(click, async (run) => {
    const { surface, asker, channel, key, reply } = click
    const request = { run, actor: asker.actor, origin: originOf(surface, channel), idempotencyKey: key }
    const notice = noticeOfStart(await undoRun(surface.desk, request, asker.person), run)
    if (notice !== undefined && notice.kind !== 'started') await reply(noticeCard(notice, asker.look))
  })

/** Plans again what a run wanted, with the world as it is now. */
export const againButton: ButtonHandler = (click) =>
  withRun(click, async (id) => {
    const run = await getRun(click.surface.desk.services.db, id)
    if (run === undefined) return click.reply(noticeCard({ kind: 'unknown_run', run: id }, click.asker.look))
    await request(click, run.operation, run.params)
  })

/** A next step that a card offers, such as "Roll back to 40". */
export const requestButton: ButtonHandler = async (click) => {
  const wanted = readRequest(click.value)
  if (wanted === undefined) return click.reply(noticeCard({ kind: 'old_click' }, click.asker.look))
  await request(click, wanted.operation, wanted.params)
}

/** The form of `/recover` with the database chosen. */
export const recoverButton: ButtonHandler = (click) =>
  openRecoverModal(click.surface, click.asker, { ...click, database: click.value })

/** Another revision: the modal with the app of the run chosen. */
export const otherButton: ButtonHandler = (click) =>
  withRun(click, async (id) => {
    const run = await getRun(click.surface.desk.services.db, id)
    if (run?.subject.kind === 'database')
      return openRecoverModal(click.surface, click.asker, { ...click, database: run.subject.name })
    await openRollbackModal(click.surface, click.asker, { ...click, app: run?.subject.name })
  })

export const detailsButton: ButtonHandler = (click) =>
  withRun(click, async (id) => {
    const { surface, asker, reply } = click
    const denied = mayLook(surface.desk.services.catalog, asker.person)
    if (denied !== undefined) return reply(noticeCard({ kind: 'denied', ability: 'look', ...denied }, asker.look))
    await reply(
      (await runDetailOf(surface.desk, id, asker.look)) ?? noticeCard({ kind: 'unknown_run', run: id }, asker.look),
    )
  })

async function request(click: Click, operation: string, params: unknown): Promise<void> {
  const { surface, asker, channel, key, reply } = click
  const started = await startRun(
    surface.desk,
    { operation, params, actor: asker.actor, origin: originOf(surface, channel), idempotencyKey: key },
    asker.person,
  )
  if (started.kind === 'reason_needed') {
    const app = textIn(params, 'app')
    const wanted = { app: app === '' ? undefined : app, toRevision: numberIn(params, 'toRevision') }
    return openEmergencyForm(surface, asker, { ...click, ...wanted })
  }
  const notice = noticeOfStart(started)
  if (notice !== undefined && notice.kind !== 'started') await reply(noticeCard(notice, asker.look))
}

/** A value that this program did not write is an old click: nothing runs. */
export async function withRun(click: Click, body: (run: RunId) => Promise<void>): Promise<void> {
  const run = readRunId(click.value ?? '')
  if (run === undefined) return click.reply(noticeCard({ kind: 'old_click' }, click.asker.look))
  await body(run)
}
