import { newId } from '../model/ids.ts'
import type { Json } from '../model/types.ts'
import type { World } from '../model/world.ts'
import { botUserId } from '../model/world.ts'
import type { Delivered, Link } from './delivery.ts'
import { newEnvelopeId } from './envelopes.ts'

/** When Slack tries an event again that was not answered: at once, after a minute, after five. */
const retryAfterMs = [0, 60_000, 300_000]

export type EventSender = {
  /** Sends an event if the manifest subscribes to it; does not wait for the app. */
  send(event: Json & { readonly type: string }): void
  stop(): void
}

export function createEvents(world: World, link: Link): EventSender {
  const timers = new Set<NodeJS.Timeout>()
  let stopped = false

  const attempt = async (envelope: Parameters<Link['deliver']>[0], number: number, reason: string): Promise<void> => {
    const delivered = await link.deliver(envelope, { number, reason })
    const wait = retryAfterMs[number]
    if (delivered.kind === 'acked' || wait === undefined || stopped) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      void attempt({ ...envelope, id: newEnvelopeId() }, number + 1, reasonOf(delivered))
    }, wait)
    timer.unref()
    timers.add(timer)
  }

  return {
    send: (event) => {
      if (!subscribed(world.manifest.events, event) || stopped) return
      void attempt(
        { id: newEnvelopeId(), type: 'events_api', payload: callback(world, event), acceptsResponse: false },
        0,
        '',
      )
    },
    stop: () => {
      stopped = true
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

function callback(world: World, event: Json): Json {
  const time = Math.floor(world.clock() / 1000)
  return {
    token: world.verificationToken,
    team_id: world.team.id,
    api_app_id: world.appId,
    event: { event_ts: event['event_ts'] ?? world.nextTs(), ...event },
    type: 'event_callback',
    event_id: newId('Ev'),
    event_time: time,
    authorizations: [
      { enterprise_id: null, team_id: world.team.id, user_id: botUserId, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    event_context: newId('4-'),
  }
}

const channelTypes: Readonly<Record<string, string>> = { channel: 'channels', group: 'groups', im: 'im' }

function subscribed(events: readonly string[], event: Json & { readonly type: string }): boolean {
  if (event.type !== 'message') return events.includes(event.type)
  return events.includes(`message.${channelTypes[String(event['channel_type'])] ?? ''}`)
}

function reasonOf(delivered: Delivered): string {
  if (delivered.kind === 'timeout') return 'http_timeout'
  return delivered.kind === 'refused' ? 'http_error' : 'connection_failed'
}
