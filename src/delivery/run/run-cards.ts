import { findMessage, rememberMessage } from '../../store/messages.ts'
import type { Claimed } from '../../store/outbox.ts'
import { enqueue, runCard } from '../../store/outbox.ts'
import type { RunId } from '../../store/types.ts'
import type { RunView } from '../../texts/views.ts'
import { tellPerson } from '../enqueue.ts'
import { home, runOwner } from '../incident/owners.ts'
import { later, laterOrNever } from '../later.ts'
import { ensureMessage } from '../message.ts'
import { homeOf, isDirect } from '../place.ts'
import { audienceOf, patienceMs, presentRun, type RunRole, rolesOf, stateOf } from '../presenter.ts'
import { type Delivered, done, type SlackContext } from '../types.ts'
import { tellRequester } from './requester.ts'
import { threadEntry } from './run-thread.ts'
import { readRunView } from './run-view.ts'

/** Brings all messages of a run to its present state; the thread below them follows in a lane of its own. */
export async function deliverRun(context: SlackContext, entry: Claimed): Promise<Delivered> {
  const id = runIdIn(entry)
  const view = id === undefined ? undefined : await readRunView(context, id)
  if (view === undefined) return done
  const { run } = view
  const audience = audienceOf(view, new Date())
  if (audience !== 'channel' && (await findMessage(context.db, runOwner(run.id), 'card')) === undefined) {
    if (audience === 'requester') return tellRequester(context, entry, view)
    context.showLater(run.id, patienceMs)
    return done
  }
  const place = await settledHome(context, entry, view)
  if (typeof place !== 'string') return place
  const results = await Promise.all(
    rolesOf(view).map((role) =>
      deliverRole(context, entry, view, role, role === 'progress' ? (view.incident?.channel ?? place) : place),
    ),
  )
  const failed = results.find((result) => result !== undefined)
  if (failed !== undefined) return failed
  if (run.confirmedAt !== undefined) await enqueue(context.db, threadEntry(run.id))
  if (run.state === 'confirmed' || run.state === 'running')
    context.showLater(run.id, view.incident !== undefined && view.incident.channel === undefined ? patienceMs : liveMs)
  if (run.undoOf !== undefined && run.state === 'ended') await enqueue(context.db, runCard(run.undoOf))
  return done
}

/** A run under way is shown again after this long even when nothing was reported: its card tells how long it takes. */
const liveMs = 15_000

/** Decided once: where the bot may speak at that moment. */
async function settledHome(context: SlackContext, entry: Claimed, view: RunView): Promise<string | Delivered> {
  const owner = runOwner(view.run.id)
  const settled = await findMessage(context.db, owner, home)
  if (settled !== undefined) return settled.channel
  const found = await homeOf(context, view.run)
  if (found.kind !== 'ok') return later(found, entry) ?? done
  const { channel, elsewhere } = found.value
  if (elsewhere) await tellElsewhere(context, view, channel)
  await rememberMessage(context.db, { owner, role: home, channel, ts: '' })
  return channel
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
    return laterOrNever(ensured.failure, entry)
  }
  if (ensured.kind === 'early') context.showLater(view.run.id, ensured.ms)
  return undefined
}

const errorOf = (failure: { readonly kind: string; readonly error?: string }): string => failure.error ?? failure.kind

export function runIdIn(entry: Claimed): RunId | undefined {
  const id = entry.payload['run']
  return typeof id === 'string' && /^R-\d+$/.test(id) ? (id as RunId) : undefined
}

/** Somebody typed the command where the bot cannot speak: told once, in private, where the plan is. */
async function tellElsewhere(context: SlackContext, view: RunView, channel: string): Promise<void> {
  const { run } = view
  if (run.actor.slack === undefined || run.origin.surface !== 'slack') return
  await tellPerson(context.db, {
    user: run.actor.slack,
    notice: {
      kind: 'not_member',
      channel,
      ...(isDirect(run.origin.channel ?? '') ? { direct: true } : {}),
    },
    key: `elsewhere/${run.id}`,
  })
}
