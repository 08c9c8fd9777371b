import { createChannel, findOwnChannel } from '../../services/slack/channels.ts'
import type { SlackResult } from '../../services/slack/errors.ts'
import { readBot } from '../../services/slack/people.ts'
import { setIncidentChannel } from '../../store/incidents.ts'
import { forgetMessage, rememberMessage } from '../../store/messages.ts'
import { type Claimed, enqueue, runCard } from '../../store/outbox.ts'
import { incidentCard, incidentChannelName, incidentOverCard } from '../../texts/cards/incident.ts'
import type { IncidentView } from '../../texts/views.ts'
import { later } from '../later.ts'
import { ensureMessage } from '../message.ts'
import { type Delivered, done, type SlackContext } from '../types.ts'
import { furnish } from './incident-furniture.ts'
import { readIncidentView } from './incident-view.ts'
import { incidentOwner, noChannel } from './owners.ts'

/** Brings an incident's channel to its present state: the channel itself, its card, topic, people and bookmarks. */
export async function deliverIncident(context: SlackContext, entry: Claimed): Promise<Delivered> {
  const id = String(entry.payload['incident'] ?? '')
  let view = await readIncidentView(context, id)
  if (view === undefined) return done
  // It was over before Slack could make a channel: its runs tell it where they were asked for.
  if (view.incident.channel === undefined && view.incident.state === 'resolved') return done
  if (view.incident.channel === undefined) {
    const opened = await openChannel(context, entry, view)
    if (opened !== undefined) return opened
    view = (await readIncidentView(context, id)) ?? view
    for (const run of view.runs) await enqueue(context.db, runCard(run.id))
  }
  const { channel } = view.incident
  if (channel === undefined) return done
  return (
    (await showCard(context, entry, view, channel)) ??
    (await furnish(context, entry, view, channel)) ??
    (await sayOver(context, entry, view, channel)) ??
    done
  )
}

/** @returns undefined when there is a channel now, or when it is certain that there will be none */
async function openChannel(context: SlackContext, entry: Claimed, view: IncidentView): Promise<Delivered | undefined> {
  const { incident } = view
  const { db, catalog, log } = context
  const name = incidentChannelName(catalog.channels.incidentPrefix, incident.id, incident.subject.name)
  const made = await createChannel(context.lanes.state, name, (tried) => ownFromBefore(context, entry, view, tried))
  const wait = made.kind === 'ok' ? undefined : later(made, entry)
  if (wait !== undefined) return wait
  const owner = incidentOwner(incident.id)
  if (made.kind === 'ok') {
    await setIncidentChannel(db, incident.id, { id: made.value.id, name: made.value.name })
    await forgetMessage(db, owner, noChannel)
    return undefined
  }
  log.error(
    { incident: incident.id, failure: made.kind, error: 'error' in made ? made.error : '' },
    'the channel of an incident could not be made',
  )
  await rememberMessage(db, { owner, role: noChannel, channel: catalog.channels.operations, ts: '' })
  return undefined
}

/** A channel of that name made by a call whose answer was lost: the bot's own, and not that of another incident. */
async function ownFromBefore(
  context: SlackContext,
  entry: Claimed,
  view: IncidentView,
  name: string,
): Promise<SlackResult<{ id: string; name: string } | undefined>> {
  if (entry.attempts === 1) return { kind: 'ok', value: undefined }
  const bot = await readBot(context.lanes.state)
  if (bot.kind !== 'ok') return bot
  const found = await findOwnChannel(context.lanes.state, name, bot.value.user)
  if (found.kind !== 'ok' || found.value === undefined)
    return found.kind === 'ok' ? { kind: 'ok', value: undefined } : found
  const mine = found.value.purpose === '' || found.value.purpose.includes(view.incident.id)
  return { kind: 'ok', value: mine ? { id: found.value.id, name: found.value.name } : undefined }
}

async function showCard(
  context: SlackContext,
  entry: Claimed,
  view: IncidentView,
  channel: string,
): Promise<Delivered | undefined> {
  const look = { language: context.catalog.language, now: new Date() }
  const ensured = await ensureMessage(context, entry, {
    owner: incidentOwner(view.incident.id),
    role: 'card',
    channel,
    card: () => incidentCard(view, look),
    state: JSON.stringify([
      view.incident.state,
      view.incident.severity,
      view.runs.map((run) => [run.id, run.state, run.outcome?.reason]),
      view.paging,
    ]),
    since: view.incident.openedAt,
  })
  return ensured.kind === 'failed' ? later(ensured.failure, entry) : undefined
}

async function sayOver(
  context: SlackContext,
  entry: Claimed,
  view: IncidentView,
  channel: string,
): Promise<Delivered | undefined> {
  if (view.incident.state !== 'resolved') return undefined
  const look = { language: context.catalog.language, now: new Date() }
  const ensured = await ensureMessage(context, entry, {
    owner: incidentOwner(view.incident.id),
    role: 'over',
    channel,
    card: () => incidentOverCard(view, look),
    state: 'over',
    since: view.incident.openedAt,
  })
  return ensured.kind === 'failed' ? later(ensured.failure, entry) : undefined
}
