import { readChannel } from '../services/slack/channels.ts'
import type { SlackResult } from '../services/slack/errors.ts'
import { openDirect } from '../services/slack/people.ts'
import type { RunRow } from '../store/types.ts'
import type { SlackContext } from './types.ts'

export type HomeOfRun = {
  readonly channel: string
  /** Somebody typed the command where the bot cannot speak. */
  readonly elsewhere: boolean
}

const freshMs = 60_000

/** The channel of a run's plan: where it was asked for if the bot is a member there, else the catalog's operations channel. */
export async function homeOf(context: SlackContext, run: RunRow): Promise<SlackResult<HomeOfRun>> {
  const { operations } = context.catalog.channels
  const asked = run.origin.channel
  if (asked === undefined || asked === operations)
    return { kind: 'ok', value: { channel: operations, elsewhere: false } }
  const usable = isDirect(asked) ? await isOwnDirect(context, run, asked) : await isUsable(context, asked)
  if (usable.kind !== 'ok') return usable
  return { kind: 'ok', value: { channel: usable.value ? asked : operations, elsewhere: !usable.value } }
}

/** Slack names direct messages `D…`, of the bot with somebody and of two people alike. */
export const isDirect = (channel: string): boolean => channel.startsWith('D')

/** The direct message of the bot with whoever asked. Slack tells nothing about it without `im:read`, but says which one it is. */
async function isOwnDirect(context: SlackContext, run: RunRow, channel: string): Promise<SlackResult<boolean>> {
  const user = run.actor.slack
  if (user === undefined) return { kind: 'ok', value: false }
  const own = await openDirect(context.lanes.state, user)
  if (own.kind === 'away' || own.kind === 'rate_limited') return own
  return { kind: 'ok', value: own.kind === 'ok' && own.value === channel }
}

async function isUsable(context: SlackContext, channel: string): Promise<SlackResult<boolean>> {
  const { channels } = context.memory
  const known = channels.get(channel)
  if (known !== undefined && Date.now() - known.at < freshMs) return { kind: 'ok', value: known.usable }
  const read = await readChannel(context.lanes.state, channel)
  if (read.kind === 'away' || read.kind === 'rate_limited') return read
  const usable = read.kind === 'ok' && read.value.member && !read.value.archived
  channels.set(channel, { at: Date.now(), usable })
  return { kind: 'ok', value: usable }
}
