import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { page, resolvePage, showIncident } from '../../src/delivery/enqueue.ts'
import type { Db } from '../../src/store/db.ts'
import { transaction } from '../../src/store/db.ts'
import { resolveIncident } from '../../src/store/incidents.ts'
import { pending } from '../../src/store/outbox.ts'
import { startTestServer, type TestServer } from '../store/helpers/store.ts'
import { until } from '../store/helpers/until.ts'
import { failedOutcome } from '../unit/texts/examples.ts'
import { asked, confirmed, ended, planned, running } from './runs.ts'
import { openStore, ops, startWorld, type World } from './world.ts'

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
  expect(world.pagerduty.faults.unused()).toEqual([])
})

const channelName = () => `inc-${new Date().toISOString().slice(0, 10).replaceAll('-', '')}-01-porttrack-app`
const events = () => world.pagerduty.log.filter((call) => call.path === '/v2/enqueue')
const incidents = () => world.pagerduty.pagingSummary().incidents

/** A run that failed, and the page that the operations core asks for. */
async function failed(): Promise<string> {
  const id = await asked(db)
  await planned(db, id)
  const incident = (await confirmed(db, id)) ?? ''
  await running(db, id)
  await ended(db, id, failedOutcome)
  await transaction(db, async (tx) => {
    await page(tx, incident, { runId: id })
    await showIncident(tx, incident)
  })
  return incident
}

async function resolved(incident: string): Promise<void> {
  await transaction(db, async (tx) => {
    await resolveIncident(tx, incident, { kind: 'bot', name: 'rescue' })
    await resolvePage(tx, incident)
    await showIncident(tx, incident)
  })
}

describe('a failed run', () => {
  it('pages once, and says in the channel who was called', async () => {
    await failed()
    const channel = await world.channelId(channelName())
    await world.seen(channel, 'se avisó a Luis Ortega')
    expect(incidents()).toHaveLength(1)
    expect(events()).toHaveLength(1)
    expect(JSON.stringify(events()[0]?.body)).toContain('R-0001 falló: la revisión 41 tampoco llega a estar lista')
  })

  it('is one page although the answer to the event was lost', async () => {
    world.pagerduty.faults.add({ path: '/v2/enqueue', answer: 'accepted-then-reset' })
    await failed()
    const channel = await world.channelId(channelName())
    await world.seen(channel, 'se avisó a Luis Ortega')
    expect(events()).toHaveLength(2)
    expect(incidents()).toHaveLength(1)
  })

  it('resolves its page when the incident is resolved', async () => {
    const incident = await failed()
    const channel = await world.channelId(channelName())
    await world.seen(channel, 'se avisó a')
    await resolved(incident)
    await world.seen(channel, 'el aviso está cerrado')
    await world.seen(channel, `${incident} está resuelto`)
    expect(incidents().map(({ status }) => status)).toEqual(['resolved'])
  })
})

describe('PagerDuty in trouble', () => {
  it('away: people are told whom to telephone, the page arrives later, and that is told too', async () => {
    await world.stop()
    world = await startWorld(db, { pace: { progressMs: 300, paging: { checkSeconds: 0.1, tellAwayMs: 500 } } })
    world.pagerduty.away(true)
    await failed()
    const channel = await world.channelId(channelName())
    const told = await world.seen(channel, 'Llama por teléfono')
    expect(JSON.stringify(told.blocks)).toContain('+34 600 000 001')
    world.pagerduty.away(false)
    await world.seen(channel, 'PagerDuty vuelve a responder')
    await world.seen(channel, 'se avisó a Luis Ortega')
    expect((await world.messages(channel)).filter(({ text }) => text.includes('Llama por teléfono'))).toHaveLength(1)
    expect(incidents()).toHaveLength(1)
  })

  it('away, and the incident is resolved meanwhile: nobody is woken for what is over', async () => {
    world.pagerduty.away(true)
    const incident = await failed()
    await until('a first attempt', () => events().length > 0)
    await resolved(incident)
    world.pagerduty.away(false)
    await world.settled()
    expect(incidents()).toEqual([])
  })

  it('an event that was accepted and became no incident is told', async () => {
    await world.stop()
    world = await startWorld(db, { pace: { progressMs: 300, paging: { checkSeconds: 0.1, unconfirmedMs: 400 } } })
    world.pagerduty.faults.add({ path: '/v2/enqueue', answer: 'accepted-not-paged' })
    await failed()
    const channel = await world.channelId(channelName())
    await world.seen(channel, 'no muestra ningún incidente')
    // It was sent once more.
    await world.seen(channel, 'PagerDuty vuelve a responder')
    expect(incidents()).toHaveLength(1)
  })

  it('a refused event is told at once and not repeated', async () => {
    world.pagerduty.faults.add({
      path: '/v2/enqueue',
      answer: {
        status: 400,
        body: { status: 'invalid event', message: 'Event object is invalid', errors: ['made up'] },
      },
    })
    await failed()
    const channel = await world.channelId(channelName())
    await world.seen(channel, 'made up')
    await world.settled()
    expect(events()).toHaveLength(1)
  })

  it('not configured: the channel says that nobody is called', async () => {
    await world.stop()
    world = await startWorld(db, { pagerduty: { events: undefined, rest: undefined } })
    await failed()
    const channel = await world.channelId(channelName())
    await world.seen(channel, 'no hay routing key')
    expect(events()).toEqual([])
    expect((await pending(db, 'pagerduty')).count).toBe(0)
  })

  it('without Slack people are paged all the same', async () => {
    await world.stop()
    world = await startWorld(db, { slack: undefined })
    await failed()
    await until('a page', () => incidents().length === 1)
    expect(await world.messages(ops)).toEqual([])
  })
})
