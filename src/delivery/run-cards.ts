import type { Claimed } from '../store/outbox.ts'
import { enqueue, runCard } from '../store/outbox.ts'
import type { RunId } from '../store/types.ts'
import type { RunView } from '../texts/views.ts'
import { tellPerson } from './enqueue.ts'
import { later } from './later.ts'
import { ensureMessage } from './message.ts'
import { runOwner } from './owners.ts'
import { homeOf } from './place.ts'
import { presentRun, type RunRole, rolesOf, stateOf } from './presenter.ts'
import { deliverThread } from './run-thread.ts'
import { readRunView } from './run-view.ts'
import { type Delivered, done, type SlackContext } from './types.ts'

/** Brings all messages of a run to its present state. */
export async function deliverRun(context: SlackContext, entry: Claimed): Promise<Delivered> {
  const id = runIdIn(entry)
  const view = id === undefined ? undefined : await readRunView(context, id)
  if (view === undefined) return done
  const home = await homeOf(context, view.run)
  if (home.kind !== 'ok') return later(home, entry) ?? done
  if (home.value.elsewhere) await tellElsewhere(context, view, home.value.channel)
  for (const role of rolesOf(view)) {
    const channel = role === 'progress' ? (view.incident?.channel ?? home.value.channel) : home.value.channel
    const failed = await deliverRole(context, entry, view, role, channel)
    if (failed !== undefined) return failed
  }
  if (view.run.undoOf !== undefined && view.run.state === 'ended') await enqueue(context.db, runCard(view.run.undoOf))
  return done
}

async function deliverRole(
  context: SlackContext,
  entry: Claimed,
  view: RunView,
  role: RunRole,
  channel: string,
): Promise<Delivered | undefined> {
  const { catalog } = context
  const look = { language: catalog.language, now: new Date() }
  const ensured = await ensureMessage(context, entry, {
    owner: runOwner(view.run.id),
    role,
    channel,
    card: (movedFrom) =>
      presentRun(movedFrom === undefined ? view : { ...view, movedFrom }, role, catalog.channels.progress, look),
    state: stateOf(view),
    since: view.run.createdAt,
  })
  if (ensured.kind === 'failed') {
    context.log.warn(
      { run: view.run.id, role, failure: ensured.failure.kind, error: errorOf(ensured.failure) },
      'a card could not be shown',
    )
    return later(ensured.failure, entry)
  }
  if (ensured.kind === 'early') context.showLater(view.run.id, ensured.ms)
  const main = rolesOf(view)[0] === role
  return main ? deliverThread(context, entry, view, ensured.place) : undefined
}

const errorOf = (failure: { readonly kind: string; readonly error?: string }): string => failure.error ?? failure.kind

function runIdIn(entry: Claimed): RunId | undefined {
  const id = entry.payload['run']
  return typeof id === 'string' && /^R-\d+$/.test(id) ? (id as RunId) : undefined
}

/** Somebody typed the command where the bot cannot speak: told once, in private, where the plan is. */
async function tellElsewhere(context: SlackContext, view: RunView, channel: string): Promise<void> {
  const { run } = view
  if (run.actor.slack === undefined || run.origin.surface !== 'slack') return
  await tellPerson(context.db, {
    user: run.actor.slack,
    notice: { kind: 'not_member', channel },
    key: `elsewhere/${run.id}`,
  })
}
