import { expect } from 'vitest'
import { listMessages } from '../../../src/store/messages.ts'
import type { RunRow } from '../../../src/store/types.ts'
import { type Message, ops, type Person, textOf, until } from './person.ts'
import { botMessages, delivered } from './runs.ts'
import type { World } from './world.ts'

/** What Slack shows of a run that is over. `progress` is the card itself where the incident was over before it had a channel. */
type Told = { readonly card: Message; readonly progress: Message; readonly thread: readonly Message[] }

/**
 * No message is lost, repeated or left behind: one card in the operations channel, one message in the incident's channel,
 * each line of the thread once, and neither offers to confirm or to stop any more.
 */
export async function toldOnce(world: World, who: Person, run: RunRow, about: string): Promise<Told> {
  await delivered(world)
  const rows = await listMessages(world.db, `run/${run.id}`)
  const messageOf = async (role: string): Promise<Message | undefined> => {
    const row = rows.find((one) => one.role === role)
    return row === undefined ? undefined : (await botMessages(who, row.channel)).find(({ ts }) => ts === row.ts)
  }
  const card = await messageOf('card')
  if (card === undefined) throw new Error(`there is no card of ${about}`)
  const progress = (await messageOf('progress')) ?? card
  const channel = rows.find(({ role }) => role === 'progress')?.channel ?? ops
  for (const message of [card, progress]) {
    expect(textOf(message), about).toContain(run.id)
    expect(JSON.stringify(message.blocks), `what ${about} still offers`).not.toMatch(/run:(confirm|stop)/)
  }
  // Below the card is what was told before the incident had its channel.
  const below = async (place: string, parent: Message) =>
    (await botMessages(who, place, parent.ts)).filter(({ ts }) => ts !== parent.ts)
  const thread = [...(await below(ops, card)), ...(channel === ops ? [] : await below(channel, progress))]
  const lines = thread.map(textOf)
  expect(lines, `lines of the thread of ${about}`).not.toEqual([])
  expect(new Set(lines).size, `lines of the thread of ${about}:\n${lines.join('\n---\n')}`).toBe(lines.length)
  await noOrphans(world, who, [ops, channel])
  return { card, progress, thread }
}

/** Every message of the bot is one that it remembers: one that was posted twice would stand there as an orphan. */
async function noOrphans(world: World, who: Person, channels: readonly string[]): Promise<void> {
  // What another run is posting at this moment is known in the next.
  for (const channel of new Set(channels))
    await until(`${channel} holds only messages that the bot knows`, async () => {
      const posted = await botMessages(who, channel)
      const { rows } = await world.db.query<{ ts: string }>('select ts from rescue.messages')
      const orphans = posted.filter((message) => !rows.some(({ ts }) => ts === message.ts))
      if (orphans.length === 0) return true
      throw new Error(`it does not know ${orphans.map(textOf).join('\n---\n')}`)
    })
}
