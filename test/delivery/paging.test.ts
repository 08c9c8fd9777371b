import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { page, resolvePage } from '../../src/delivery/enqueue.ts'
import { settleIncident } from '../../src/operations/run/incident.ts'
import { type Db, transaction } from '../../src/store/db.ts'
import { listIncidents, resolveIncident } from '../../src/store/incidents.ts'
import { getRun } from '../../src/store/runs.ts'
import type { RunId } from '../../src/store/types.ts'
import { startTestServer, type TestServer } from '../store/helpers/store.ts'
import { until } from '../store/helpers/until.ts'
import { failedOutcome, verified } from '../unit/texts/examples.ts'
import { ana, asked, confirmed, ended, planned, running } from './runs.ts'
import { ops, startWorld, testCatalog, type World } from './world.ts'

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
  expect(world.pagerduty.faults.unused()).toEqual([])
})

const pages = () => world.pagerduty.pagingSummary().incidents
const events = () => world.pagerduty.log.filter((call) => call.path === '/v2/enqueue')
const actions = () => events().map((call) => (call.body as { event_action: string }).event_action)
const everything = async () => {
  const [incident] = await listIncidents(db, {})
  const channels = [ops, ...(incident?.channel === undefined ? [] : [incident.channel])]
  return (await Promise.all(channels.map((channel) => world.messages(channel))))
    .flat()
    .map(({ blocks }) => JSON.stringify(blocks))
    .join('\n')
}
const said = (words: string) => until(`"${words}" is said`, async () => (await everything()).includes(words))

async function underWay(): Promise<RunId> {
  const id = await asked(db)
  await planned(db, id)
  await confirmed(db, id)
  await running(db, id)
  return id
}

/** The end as the operations core writes it. */
async function ends(id: RunId, outcome: typeof failedOutcome | typeof verified): Promise<void> {
  const run = await getRun(db, id)
  if (run === undefined) throw new Error(`no run ${id}`)
  await transaction(db, (tx) => settleIncident(tx, testCatalog(), run, outcome))
  await ended(db, id, outcome)
}

async function openIncident(): Promise<string> {
  const [incident] = await listIncidents(db, { state: 'open' })
  if (incident === undefined) throw new Error('no incident is open')
  return incident.id
}

describe('a run that failed', () => {
  it('pages once, and the cards tell who was called and where to see it', async () => {
    world = await startWorld(db)
    await ends(await underWay(), failedOutcome)
    await said('Luis Ortega')
    expect(pages()).toHaveLength(1)
    expect(pages()[0]).toMatchObject({ status: 'triggered', severity: 'critical' })
    expect(pages()[0]?.title).toMatch(/^R-0001 falló: .*\(porttrack-app \/ production\)$/)
    expect(actions()).toEqual(['trigger'])
    await world.settled()
    expect(await everything()).not.toContain('Llama por teléfono')
  })

  it('of an incident that was paged already: the same page, not a second one', async () => {
    world = await startWorld(db)
    await ends(await underWay(), failedOutcome)
    await until('a page', () => pages().length === 1)
    await ends(await underWay(), failedOutcome)
    await until('a second event', () => events().length === 2)
    await world.settled()
    expect(pages()).toHaveLength(1)
  })

  it('and is mended by the next one: the page is resolved', async () => {
    world = await startWorld(db)
    await ends(await underWay(), failedOutcome)
    await until('a page', () => pages().length === 1)
    await ends(await underWay(), verified)
    await until('it is resolved', () => pages()[0]?.status === 'resolved')
    await world.settled()
    expect(actions()).toEqual(['trigger', 'resolve'])
  })

  it('is paged while Slack is away', async () => {
    world = await startWorld(db)
    world.workspace.goAway(true)
    await ends(await underWay(), failedOutcome)
    await until('a page', () => pages().length === 1)
    world.workspace.goAway(false)
    await said('Luis Ortega')
  })
})

describe('PagerDuty in trouble', () => {
  it('away: people are told whom to call, the page arrives later, and that is said too', async () => {
    world = await startWorld(db, { pace: { progressMs: 300, paging: { checkSeconds: 0.1, tellAwayMs: 300 } } })
    world.pagerduty.away(true)
    await ends(await underWay(), failedOutcome)
    await said('No se ha podido avisar a nadie')
    await said('+34 600 000 001')
    world.pagerduty.away(false)
    await said('PagerDuty vuelve a responder')
    await said('Luis Ortega')
    await world.settled()
    expect(pages()).toHaveLength(1)
    expect((await everything()).split('No se ha podido avisar').length - 1).toBe(1)
  })

  it('refuses the event: said at once with the numbers, and not sent again', async () => {
    world = await startWorld(db)
    world.pagerduty.faults.add({
      path: '/v2/enqueue',
      answer: { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors: ['no'] } },
    })
    await ends(await underWay(), failedOutcome)
    await said('el evento fue rechazado')
    await said('+34 600 000 001')
    await world.settled()
    expect(events()).toHaveLength(1)
  })

  it('limits the rate: the event waits and arrives', async () => {
    world = await startWorld(db)
    world.pagerduty.faults.add({ path: '/v2/enqueue', answer: { status: 429, headers: { 'ratelimit-reset': '1' } } })
    await ends(await underWay(), failedOutcome)
    await until('a page', () => pages().length === 1)
    expect(events().map((call) => call.status)).toEqual([429, 202])
  })

  it('accepts and calls nobody: said after a while, sent once more, and the late page is said too', async () => {
    world = await startWorld(db, { pace: { progressMs: 300, paging: { checkSeconds: 0.1, unconfirmedMs: 500 } } })
    world.pagerduty.faults.add({ path: '/v2/enqueue', answer: 'accepted-not-paged' })
    await ends(await underWay(), failedOutcome)
    await said('un minuto después no muestra ningún incidente')
    await until('a page', () => pages().length === 1)
    await said('PagerDuty vuelve a responder')
    await world.settled()
    expect(actions()).toEqual(['trigger', 'trigger'])
  })

  it('took an event whose answer was lost: still one page', async () => {
    world = await startWorld(db)
    world.pagerduty.faults.add({ path: '/v2/enqueue', answer: 'accepted-then-reset' })
    await ends(await underWay(), failedOutcome)
    await said('Luis Ortega')
    expect(pages()).toHaveLength(1)
    expect(events()).toHaveLength(2)
  })

  it('took an event whose answer was lost, and the incident was over before the next try: the page is taken back', async () => {
    world = await startWorld(db)
    world.pagerduty.faults.add({ path: '/v2/enqueue', answer: 'accepted-then-reset' })
    // One attempt: the client repeats a 429 three times itself.
    const limited = { status: 429, headers: { 'ratelimit-reset': '2' } }
    world.pagerduty.faults.add({ path: '/v2/enqueue', times: 4, answer: limited })
    const id = await underWay()
    await transaction(db, async (tx) => page(tx, await openIncident(), { runId: id }))
    await until('the second try', () => events().length === 5)
    await transaction(db, async (tx) => {
      const incident = await openIncident()
      await resolveIncident(tx, incident, ana)
      await resolvePage(tx, incident)
    })
    await until('it is taken back', () => pages()[0]?.status === 'resolved')
    await world.settled()
    expect(actions()).toEqual([...Array.from({ length: 5 }, () => 'trigger'), 'resolve'])
  })

  it('away until all is well again: nobody is woken for what is over', async () => {
    world = await startWorld(db, { pace: { progressMs: 300, paging: { tellAwayMs: 60_000 } } })
    world.pagerduty.away(true)
    await ends(await underWay(), failedOutcome)
    await until('a try', () => events().length > 0)
    await ends(await underWay(), verified)
    world.pagerduty.away(false)
    await world.settled()
    expect(pages()).toEqual([])
    expect(await everything()).not.toContain('No se ha podido avisar')
  })

  it('not configured: said with the numbers, and the outcome tells it', async () => {
    world = await startWorld(db, { pagerduty: { events: undefined, rest: undefined } })
    await ends(await underWay(), failedOutcome)
    await said('no hay routing key configurada')
    await said('PagerDuty no está configurado')
    await world.settled()
    expect(events()).toEqual([])
  })
})
