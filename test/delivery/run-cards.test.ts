import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { showRun } from '../../src/delivery/enqueue.ts'
import type { Db } from '../../src/store/db.ts'
import { beginStep, endStep, reportStep } from '../../src/store/steps.ts'
import { startTestServer, type TestServer } from '../store/helpers/store.ts'
import { until } from '../store/helpers/until.ts'
import { failedOutcome, verified, waitingProgress } from '../unit/texts/examples.ts'
import { asked, confirmed, ended, planned, running } from './runs.ts'
import { foreign, openStore, ops, startWorld, type World } from './world.ts'

let server: TestServer
let db: Db
let world: World

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  db = await openStore(server)
  world = await startWorld(db)
})
afterEach(async () => {
  await world.stop()
  await db.close()
  expect(world.workspace.faults.unused()).toEqual([])
})

const calls = (method: string) => world.workspace.log.filter((call) => call.method === method)
const channelName = () => `inc-${new Date().toISOString().slice(0, 10).replaceAll('-', '')}-01-porttrack-app`

describe('a run is told where it was asked for', () => {
  it('as one message that goes from the question to the plan', async () => {
    const id = await asked(db)
    await planned(db, id)
    const plan = await world.seen(ops, 'run:confirm')
    expect(JSON.stringify(plan.blocks)).toContain('Volver porttrack-app a la revisión 41')
    expect(await world.messages(ops)).toHaveLength(1)
  })

  it('in the operations channel where the bot is no member, and the person is told where', async () => {
    const id = await asked(db, { origin: { channel: foreign } })
    await planned(db, id)
    await world.seen(ops, 'run:confirm')
    await world.settled()
    expect(await world.messages(foreign)).toEqual([])
    const said = calls('chat.postMessage').map((call) => String(call.args['text']))
    expect(said.filter((text) => text.includes('No soy miembro'))).toHaveLength(1)
  })

  it('in the direct message with the bot, when it was asked for there', async () => {
    const opened = await world.lanes().state.conversations.open({ users: 'U0MARTA' })
    const channel = opened.channel?.id ?? ''
    expect(channel).toMatch(/^D/)
    const id = await asked(db, { origin: { channel } })
    await planned(db, id)
    await until('the plan', () =>
      calls('chat.postMessage').find((call) => JSON.stringify(call.args).includes('run:confirm')),
    )
    await world.settled()
    expect(calls('chat.postMessage').map((call) => call.args['channel'])).toEqual([channel])
    expect(await world.messages(ops)).toEqual([])
  })

  it("in the operations channel for a direct message of two people, where only the plan's place is told", async () => {
    const id = await asked(db, { origin: { channel: 'D0OTHERS' } })
    await planned(db, id)
    await world.seen(ops, 'run:confirm')
    await world.settled()
    const said = calls('chat.postMessage').map((call) => String(call.args['text']))
    expect(said.filter((text) => text.includes('El plan está en'))).toHaveLength(1)
    expect(said.filter((text) => text.includes('No soy miembro'))).toEqual([])
  })

  it('in the operations channel for a request from the terminal', async () => {
    const id = await asked(db, { origin: { surface: 'cli' } })
    await planned(db, id)
    await world.seen(ops, id)
  })
})

describe('a confirmed run', () => {
  it('opens a channel with topic, people, pinned card and bookmarks, and goes on there', async () => {
    const id = await asked(db)
    await planned(db, id)
    await confirmed(db, id)
    const channel = await world.channelId(channelName())
    const card = await world.seen(channel, 'Al mando')
    await world.seen(channel, `stop:${id}`)
    const plan = await world.seen(ops, `#${channel}`)
    expect(JSON.stringify(plan.blocks)).not.toContain('run:confirm')
    await world.settled()
    expect((await world.messages(channel)).find(({ ts }) => ts === card.ts)?.pinned_to).toEqual([channel])
    const members = calls('conversations.invite').map((call) => call.args['users'])
    expect(members).toEqual(['U0ANA,U0LUIS,U0MARTA'])
    expect(calls('conversations.setTopic')[0]?.args['topic']).toBe('SEV2 · abierto · al mando: ana')
    expect(calls('bookmarks.add').map((call) => call.args['link'])).toContain('https://porttrack.example/api/health')
  })

  it('shows each step, its last state in the message and each finished one in the thread', async () => {
    const id = await asked(db)
    await planned(db, id)
    await confirmed(db, id)
    await running(db, id)
    const channel = await world.channelId(channelName())
    await beginStep(db, id, 'compareWithPlan')
    await endStep(db, id, 'compareWithPlan', 'done')
    await beginStep(db, id, 'restoreTemplate')
    await endStep(db, id, 'restoreTemplate', 'done')
    await beginStep(db, id, 'awaitRollout')
    for (let ready = 0; ready < 30; ready++)
      await reportStep(db, id, 'awaitRollout', { ...waitingProgress, tries: ready })
    const progress = await world.seen(channel, 'intento 29')
    expect(JSON.stringify(progress.blocks)).toContain('Pulling')
    await endStep(db, id, 'awaitRollout', 'done')
    await ended(db, id, verified)
    const over = await world.seen(channel, 'ha vuelto a la revisión 41')
    expect(over.ts).toBe(progress.ts)
    await world.seen(ops, 'ha vuelto a la revisión 41')
    await world.settled()
    const thread = await world.messages(channel, over.ts)
    const lines = thread
      .slice(1)
      .map(({ text }) => text)
      .join('\n')
    expect(lines.match(/✓ Comparar con el plan/g)).toHaveLength(1)
    expect(lines.match(/✓ Esperar a los pods/g)).toHaveLength(1)
  })

  it('keeps mere progress apart: thirty reports are a few edits', async () => {
    const id = await asked(db)
    await planned(db, id)
    await confirmed(db, id, { incident: false })
    await running(db, id)
    await beginStep(db, id, 'awaitRollout')
    await world.seen(ops, 'stop:')
    await world.settled()
    const before = calls('chat.update').length
    for (let tries = 1; tries <= 30; tries++)
      await reportStep(db, id, 'awaitRollout', { ...waitingProgress, tries, of: 30 })
    await world.seen(ops, 'intento 30 de 30')
    expect(calls('chat.update').length - before).toBeLessThanOrEqual(5)
  })
})

describe('Slack in trouble', () => {
  it('away: everything waits, and arrives in its last state, once', async () => {
    world.workspace.goAway(true)
    const id = await asked(db)
    await planned(db, id)
    await confirmed(db, id)
    await running(db, id)
    await ended(db, id, failedOutcome)
    world.workspace.goAway(false)
    const channel = await world.channelId(channelName())
    await world.seen(channel, 'tampoco llega a estar lista')
    await world.seen(ops, 'tampoco llega a estar lista')
    await world.settled()
    expect(await world.messages(ops)).toHaveLength(1)
    expect(
      (await world.messages(channel)).filter(({ blocks }) => JSON.stringify(blocks).includes('next:')),
    ).toHaveLength(1)
  })

  it('a post that was taken and whose answer was lost is not posted again', async () => {
    world.workspace.faults.add({ method: 'chat.postMessage', channel: ops, answer: 'accepted-then-reset' })
    const id = await asked(db)
    await planned(db, id)
    await world.seen(ops, 'run:confirm')
    await world.settled()
    expect((await world.messages(ops)).filter(({ blocks }) => JSON.stringify(blocks).includes(id))).toHaveLength(1)
    expect(calls('conversations.history').length).toBeGreaterThan(0)
  })

  it('an incident channel that was made and whose answer was lost is not made again', async () => {
    world.workspace.faults.add({ method: 'conversations.create', answer: 'accepted-then-reset' })
    const id = await asked(db)
    await planned(db, id)
    await confirmed(db, id)
    const channel = await world.channelId(channelName())
    await world.seen(channel, `stop:${id}`)
    await world.settled()
    expect(calls('conversations.create').map((call) => call.args['name'])).toEqual([channelName(), channelName()])
  })

  it("somebody else's channel of that name: the next name is taken", async () => {
    await fetch(`${world.workspace.slackApi}conversations.create`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.workspace.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: channelName() }),
    })
    const id = await asked(db)
    await planned(db, id)
    await confirmed(db, id)
    const channel = await world.channelId(`${channelName()}-2`)
    await world.seen(channel, `stop:${id}`)
  })

  it('429 on an edit: that message waits, others go on, and the last state arrives', async () => {
    const first = await asked(db)
    await planned(db, first)
    await world.seen(ops, first)
    await world.settled()
    world.workspace.faults.add({ method: 'chat.update', answer: { status: 429, retryAfter: 2 } })
    await confirmed(db, first, { incident: false })
    await showRun(db, first)
    const second = await asked(db, { app: 'porttrack-worker' })
    await planned(db, second)
    await world.seen(ops, second)
    await world.seen(ops, `stop:${first}`)
  })

  it('an archived channel: told in the operations channel, which says why', async () => {
    const id = await asked(db, { origin: { channel: 'C0DEPLOYS' } })
    await planned(db, id)
    await world.seen('C0DEPLOYS', 'run:confirm')
    await fetch(`${world.workspace.slackApi}conversations.archive`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.workspace.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ channel: 'C0DEPLOYS' }),
    })
    await confirmed(db, id, { incident: false })
    const moved = await world.seen(ops, `stop:${id}`)
    expect(JSON.stringify(moved.blocks)).toContain('<#C0DEPLOYS> está archivado')
  })

  it('a message that somebody deleted is posted anew', async () => {
    const id = await asked(db)
    await planned(db, id)
    const plan = await world.seen(ops, 'run:confirm')
    await world.settled()
    await fetch(`${world.workspace.slackApi}chat.delete`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.workspace.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ channel: ops, ts: plan.ts }),
    })
    await confirmed(db, id, { incident: false })
    await world.seen(ops, `stop:${id}`)
  })

  it('no Slack at all: what it must learn is kept', async () => {
    await world.stop()
    world = await startWorld(db, { slack: undefined })
    await asked(db)
    const { rows } = await db.query<{ state: string; attempts: number }>('select state, attempts from outbox')
    expect(rows).toEqual([{ state: 'pending', attempts: 0 }])
    world.deliver({ slack: world.lanes() })
    await world.seen(ops, 'R-0001')
  })

  it('two processes on one store say everything once', async () => {
    world.deliver()
    const ids = await Promise.all(Array.from({ length: 6 }, () => asked(db)))
    await Promise.all(ids.map((id) => planned(db, id)))
    for (const id of ids) await world.seen(ops, id)
    await world.settled()
    const told = (await world.messages(ops)).map(({ blocks }) => JSON.stringify(blocks))
    for (const id of ids) expect(told.filter((text) => text.includes(`decide:${id}:`))).toHaveLength(1)
    expect(told).toHaveLength(ids.length)
  })
})
