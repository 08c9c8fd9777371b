import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { page, resolvePage, showRun } from '../../src/delivery/enqueue.ts'
import { settleIncident } from '../../src/operations/run/incident.ts'
import { type Db, transaction } from '../../src/store/db.ts'
import { listIncidents, resolveIncident } from '../../src/store/incidents.ts'
import { endRun, getRun } from '../../src/store/runs.ts'
import type { RunId } from '../../src/store/types.ts'
import { startTestServer, type TestServer } from '../store/helpers/store.ts'
import { until } from '../store/helpers/until.ts'
import { failedOutcome, verified } from '../unit/texts/examples.ts'
import { ana, asked, confirmed, planned, running } from './runs.ts'
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
  await transaction(db, async (tx) => {
    await endRun(tx, id, outcome)
    await settleIncident(tx, testCatalog(), run, outcome)
    await showRun(tx, id)
  })
}

async function openIncident(): Promise<string> {
  const [incident] = await listIncidents(db, { state: 'open' })
  if (incident === undefined) throw new Error('no incident is open')
  return incident.id
}

describe('a run that failed', () => {
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
})
