import { fail } from '../api/answers.ts'
import type { Delivered, EnvelopeType, Link } from '../app/delivery.ts'
import { newEnvelopeId } from '../app/envelopes.ts'
import type { ResponseUrls } from '../app/response-urls.ts'
import type { Channel, Json, Message, User } from '../model/types.ts'
import type { World } from '../model/world.ts'

/** What the actions of people need. */
export type PersonContext = {
  readonly world: World
  readonly link: Link
  readonly responseUrls: ResponseUrls
  /** The options that the app last suggested, by place. */
  readonly suggestions: Map<string, readonly Json[]>
  /** When each person last opened the home, in milliseconds since 1970. */
  readonly homesOpened: Map<string, number>
}

/** A wrong body, answered with HTTP 400. */
export type BadField = { readonly ok: false; readonly error: string; readonly field: string; readonly allowed: unknown }

/** Everything that a call under /person answers. */
export type PersonAnswer = Json & { readonly ok: boolean }

export const bad = (field: string, allowed: unknown, error = 'invalid_field'): BadField => ({
  ok: false,
  error,
  field,
  allowed,
})

export function isBad(value: object): value is BadField {
  return 'ok' in value && value.ok === false && 'field' in value
}

/** A person by name (`ana`) or id. */
export function personOf(world: World, wanted: string): User | BadField {
  const people = [...world.users.values()].filter((user) => !user.isBot)
  const found = people.find((user) => user.name === wanted || user.id === wanted)
  return (
    found ??
    bad(
      'user',
      people.map((user) => user.name),
      'user_not_found',
    )
  )
}

/** A channel that the person can open: public ones and their own. */
export function channelOf(world: World, user: User, id: string): Channel | BadField {
  const open = [...world.channels.values()].filter(
    (channel) => channel.kind === 'public' || channel.members.has(user.id),
  )
  return (
    open.find((channel) => channel.id === id) ??
    bad(
      'channel',
      open.map((channel) => channel.id),
      'channel_not_found',
    )
  )
}

/** A message that the person sees. */
export function messageOf(channel: Channel, user: User, ts: string): Message | PersonAnswer {
  const message = channel.messages.get(ts)
  const seen = message !== undefined && (message.ephemeralTo === undefined || message.ephemeralTo === user.id)
  return seen ? message : fail('message_not_found', { message: 'That message is no longer there.' })
}

export function send(
  context: PersonContext,
  type: EnvelopeType,
  payload: Json,
  acceptsResponse: boolean,
): Promise<Delivered> {
  return context.link.deliver({ id: newEnvelopeId(), type, payload, acceptsResponse })
}

/** The fields that every interaction carries. */
export function interaction(world: World, user: User, viewId?: string): Json {
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: world.team.id },
    api_app_id: world.appId,
    token: world.verificationToken,
    team: { id: world.team.id, domain: world.team.domain },
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: world.triggers.issue(user.id, viewId),
  }
}

/** How a channel is named in payloads. */
export function channelName(channel: Channel): string {
  if (channel.kind === 'im') return 'directmessage'
  return channel.kind === 'private' ? 'privategroup' : channel.name
}

/** The word for an app that did not answer, as Slack says it. */
export function silence(delivered: Exclude<Delivered, { readonly kind: 'acked' }>): string {
  if (delivered.kind === 'timeout') return 'operation_timeout'
  return delivered.kind === 'unreachable' ? 'dispatch_failed' : 'http_service_error'
}
