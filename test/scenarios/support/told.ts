import { expect } from 'vitest'
import type { RunRow } from '../../../src/store/types.ts'
import { type Message, ops, type Person, textOf } from './person.ts'
import { botMessages, delivered } from './runs.ts'
import type { World } from './world.ts'

/** What Slack shows of a run that is over. */
export type Told = { readonly card: Message; readonly progress: Message; readonly thread: readonly Message[] }

/**
 * No message is lost, repeated or left behind: one card in the operations channel, one message in the incident's channel,
 * each line of its thread once, and neither offers to confirm or to stop any more.
 */
export async function toldOnce(world: World, who: Person, run: RunRow, about: string): Promise<Told> {
  await delivered(world)
  const speaks = (message: Message) => textOf(message).includes(run.id)
  const cards = (await botMessages(who, ops)).filter(speaks)
  expect(cards, `cards of ${about}`).toHaveLength(1)
  const { rows } = await world.db.query<{ channel: string }>(
    'select channel from rescue.incidents where id = $1 and channel is not null',
    [run.incidentId],
  )
  // An incident that was over before Slack could make its channel is told by the run's card alone.
  const channel = rows[0]?.channel ?? ops
  const all = await botMessages(who, channel)
  const own = all.filter((message) => message.thread_ts === undefined || message.thread_ts === message.ts)
  const withThread = own.filter((message) => speaks(message) && (message.reply_count ?? 0) > 0)
  expect(withThread, `messages with a thread of ${about}`).toHaveLength(1)
  const [card, progress] = [cards[0], withThread[0]]
  if (card === undefined || progress === undefined) throw new Error('expected above')
  for (const message of [card, progress])
    expect(JSON.stringify(message.blocks), `what ${about} still offers`).not.toMatch(/run:(confirm|stop)/)
  const texts = (channel === ops ? cards : own).map(textOf)
  expect(new Set(texts).size, `messages of ${about}:\n${texts.join('\n---\n')}`).toBe(texts.length)
  const thread = (await botMessages(who, channel, progress.ts)).filter((message) => message.ts !== progress.ts)
  const lines = thread.map(textOf)
  expect(new Set(lines).size, `lines of the thread of ${about}:\n${lines.join('\n---\n')}`).toBe(lines.length)
  await noOrphans(world, who, [ops, channel])
  return { card, progress, thread }
}

/** Every message of the bot is one that it remembers: one that was posted twice would stand there as an orphan. */
async function noOrphans(world: World, who: Person, channels: readonly string[]): Promise<void> {
  const { rows } = await world.db.query<{ ts: string }>('select ts from rescue.messages')
  const known = new Set(rows.map(({ ts }) => ts))
  for (const channel of new Set(channels)) {
    const orphans = (await botMessages(who, channel)).filter(({ ts }) => !known.has(ts))
    expect(orphans.map(textOf), `messages in ${channel} that the bot does not know`).toEqual([])
  }
}
