import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { showRun } from '../../src/delivery/enqueue.ts'
import { settleIncident } from '../../src/operations/run/incident.ts'
import { type Db, transaction } from '../../src/store/db.ts'
import { claim } from '../../src/store/outbox.ts'
import { savePerson } from '../../src/store/people.ts'
import { endRun, getRun } from '../../src/store/runs.ts'
import type { OutcomeRow } from '../../src/store/types.ts'
import { startTestServer, type TestServer } from '../store/helpers/store.ts'
import { until } from '../store/helpers/until.ts'
import { verified } from '../unit/texts/examples.ts'
import { asked, confirmed, ended, planned, running } from './runs.ts'
import { foreign, ops, startWorld, testCatalog, type World } from './world.ts'

const refused: OutcomeRow = { kind: 'refused', reason: 'no_history', detail: { app: 'porttrack-app' } }

let server: TestServer
let db: Db
let world: World

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  db = await server.freshStore({ max: 3 })
})
afterEach(async () => {
  await world.stop()
  expect(world.workspace.faults.unused()).toEqual([])
})

const calls = (method: string) => world.workspace.log.filter((call) => call.method === method)
const accepted = (method: string) =>
  calls(method).filter((call) => typeof call.answer === 'object' && call.answer['ok'] === true)
const texts = async (channel: string) => (await world.messages(channel)).map(({ blocks }) => JSON.stringify(blocks))
const slack = (method: string, args: object) =>
  fetch(`${world.workspace.slackApi}${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.workspace.botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(args),
  })

describe('a run that ends before it has a plan', () => {
  it('is told to whoever asked, in their language, and to nobody else', async () => {
    world = await startWorld(db)
    await savePerson(db, { slackUser: 'U0MARTA', language: 'en', timeZone: 'Europe/London' })
    const id = await asked(db)
    await ended(db, id, refused)
    const [said] = await until('an ephemeral message', () =>
      calls('chat.postEphemeral').length > 0 ? calls('chat.postEphemeral') : undefined,
    )
    expect(said?.args).toMatchObject({ channel: ops, user: 'U0MARTA' })
    expect(JSON.stringify(said?.args)).toContain('Nothing was changed')
    await world.settled()
    expect(await world.messages(ops)).toEqual([])
  })

  it('is not told twice when the run is shown again', async () => {
    world = await startWorld(db)
    const id = await asked(db)
    await ended(db, id, refused)
    await world.settled()
    await ended(db, id, refused)
    await world.settled()
    expect(calls('chat.postEphemeral')).toHaveLength(1)
  })

  it('is told in a direct message where the bot cannot speak', async () => {
    world = await startWorld(db)
    const id = await asked(db, { origin: { channel: foreign } })
    await ended(db, id, refused)
    await until('a direct message', () => accepted('chat.postMessage')[0])
    expect(accepted('conversations.open').map((call) => call.args['users'])).toEqual(['U0MARTA'])
    expect(await world.messages(ops)).toEqual([])
    expect(await world.messages(foreign)).toEqual([])
  })

  it('is told in the operations channel when it came from the terminal', async () => {
    world = await startWorld(db)
    const id = await asked(db, { origin: { surface: 'cli' } })
    await ended(db, id, refused)
    await world.settled()
    expect(await texts(ops)).toEqual([expect.stringContaining(id)])
    expect(calls('chat.postEphemeral')).toEqual([])
  })

  it('is announced while its plan takes long, and then that message tells the end', async () => {
    world = await startWorld(db)
    const id = await asked(db)
    await world.seen(ops, id)
    await ended(db, id, refused)
    await until('the end', async () => (await texts(ops))[0]?.includes('■'))
    expect(await world.messages(ops)).toHaveLength(1)
    expect(calls('chat.postEphemeral')).toEqual([])
  })
})

describe('where a run is told', () => {
  it('stays the same when the bot joins the other channel later', async () => {
    world = await startWorld(db, { idle: true })
    const before = world.deliver()
    const id = await asked(db, { origin: { channel: foreign } })
    await planned(db, id)
    await world.seen(ops, 'run:confirm')
    await slack('conversations.join', { channel: foreign })
    // What a process has found out about channels ends with it.
    await before.stop()
    world.deliver()
    await confirmed(db, id, { incident: false })
    const card = await world.seen(ops, `stop:${id}`)
    expect(JSON.stringify(card.blocks)).not.toContain('archivado')
    expect((await texts(foreign)).filter((text) => text.includes(id))).toEqual([])
  })

  it('is its own card while Slack does not make the incident channel, and that channel afterwards', async () => {
    world = await startWorld(db)
    world.workspace.faults.add({ method: 'conversations.create', answer: { status: 429, retryAfter: 4 } })
    const id = await asked(db)
    await planned(db, id)
    await confirmed(db, id)
    await running(db, id)
    await world.seen(ops, `stop:${id}`)
    const channel = await until('the channel', async () =>
      calls('conversations.create')
        .map((call) => (call.answer as { channel?: { id: string } }).channel?.id)
        .at(-1),
    )
    await world.seen(channel, `stop:${id}`)
    await until('the plan points there', async () => (await texts(ops))[0]?.includes(`<#${channel}>`))
    expect((await texts(ops))[0]).not.toContain(`stop:${id}`)
  })

  it('is its own card when Slack refuses to make a channel', async () => {
    world = await startWorld(db)
    world.workspace.faults.add({ method: 'conversations.create', times: 1, answer: { error: 'restricted_action' } })
    const id = await asked(db)
    await planned(db, id)
    await confirmed(db, id)
    await running(db, id)
    await world.seen(ops, `stop:${id}`)
    await ended(db, id, verified)
    await until('the end', async () => (await texts(ops))[0]?.includes('✓'))
    expect(await world.messages(ops)).toHaveLength(1)
  })

  it('an incident that was over before Slack answered gets no channel; the end is told where it was asked for', async () => {
    world = await startWorld(db)
    const id = await asked(db)
    await planned(db, id)
    await world.seen(ops, 'run:confirm')
    world.workspace.goAway(true)
    await confirmed(db, id)
    await running(db, id)
    await finish(id, verified)
    world.workspace.goAway(false)
    await until('the end', async () => (await texts(ops))[0]?.includes('✓'))
    await world.settled()
    expect(accepted('conversations.create')).toEqual([])
    expect((await texts(ops))[0]).not.toContain('Todo está en')
  })
})

describe('the end of an incident', () => {
  it('is on its card and in its topic, and is said once', async () => {
    world = await startWorld(db)
    const id = await asked(db)
    await planned(db, id)
    await confirmed(db, id)
    await running(db, id)
    await until('the channel', () => accepted('conversations.create')[0])
    await finish(id, verified)
    await world.settled()
    const channel =
      accepted('conversations.create').map((call) => (call.answer as { channel: { id: string } }).channel.id)[0] ?? ''
    const all = await texts(channel)
    expect(all.filter((text) => text.includes('está resuelto tras'))).toHaveLength(1)
    expect(all.filter((text) => text.includes('incident:resolve'))).toEqual([])
    expect(accepted('conversations.setTopic').at(-1)?.args['topic']).toContain('resuelto')
  })
})

describe('a replica that dies', () => {
  it('after Slack took its post: the next one finds the message and goes on with it', async () => {
    world = await startWorld(db, { idle: true })
    const id = await asked(db)
    await planned(db, id)
    const [entry] = await claim(db, 'slack', { limit: 1, leaseSeconds: 1 })
    await slack('chat.postMessage', {
      channel: ops,
      text: 'half done',
      metadata: { event_type: 'rescue_message', event_payload: { key: `run/${id}/card` } },
    })
    expect(entry?.key).toBe(`run/${id}`)
    world.deliver()
    await world.seen(ops, 'run:confirm')
    expect(await world.messages(ops)).toHaveLength(1)
  })
})

/** The end as the operations core writes it: the incident is settled in the same transaction. */
async function finish(id: Awaited<ReturnType<typeof asked>>, outcome: OutcomeRow): Promise<void> {
  const run = await getRun(db, id)
  if (run === undefined) throw new Error(`no run ${id}`)
  await transaction(db, async (tx) => {
    await endRun(tx, id, outcome)
    await settleIncident(tx, testCatalog(), run, outcome)
    await showRun(tx, id)
  })
}
