import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { people } from '../../sandbox/people.ts'
import { page, showIncident } from '../../src/delivery/enqueue.ts'
import { notePageAnswers } from '../../src/operations/page-answers.ts'
import { listAudit } from '../../src/store/audit.ts'
import { type Db, transaction } from '../../src/store/db.ts'
import { getIncident, incidentTimeline, openOrJoinIncident } from '../../src/store/incidents.ts'
import { followUp } from '../../src/watchers/follow-up.ts'
import { silent, startTestServer, type TestServer } from '../store/helpers/store.ts'
import { until } from '../store/helpers/until.ts'
import { failedOutcome } from '../unit/texts/examples.ts'
import { asked, confirmed, ended, planned, running } from './runs.ts'
import { openStore, startWorld, testCatalog, type World } from './world.ts'

let server: TestServer
let db: Db
let world: World
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

/** The catalog knows people by the same addresses as PagerDuty, but for one. */
const catalog = testCatalog({
  people: {
    ana: { slack: 'U0ANA', role: 'approver' },
    luis: { slack: 'U0LUIS', role: 'approver', email: 'LUIS@porttrack.example' },
    marta: { slack: 'U0MARTA', role: 'operator' },
  },
})
beforeEach(async () => {
  db = await openStore(server)
  world = await startWorld(db, { catalog })
})
afterEach(async () => {
  await world.stop()
  await db.close()
})

/** A failed run whose page has become an incident of PagerDuty. */
async function paged(): Promise<string> {
  const id = await asked(db)
  await planned(db, id)
  const incident = (await confirmed(db, id)) ?? ''
  await running(db, id)
  await ended(db, id, failedOutcome)
  await transaction(db, async (tx) => {
    await page(tx, incident, { runId: id })
    await showIncident(tx, incident)
  })
  await until('the page', () => pages().length === 1)
  await world.settled()
  return incident
}

/** Another run of the incident goes on. */
async function goesOn(): Promise<string> {
  const id = await asked(db)
  await planned(db, id)
  await confirmed(db, id)
  await running(db, id)
  return id
}

const pages = () => world.pagerduty.pagingSummary().incidents
const act = (action: 'acknowledge' | 'resolve', who: string) =>
  expect(world.pagerduty.act(pages()[0]?.id ?? '', action, who)).toBeUndefined()
const found = async (id: string) => {
  const incident = await getIncident(db, id)
  if (incident === undefined) throw new Error(`there is no incident ${id}`)
  return incident
}
const services = () => ({ db, catalog, log: silent })
const rest = () => ({ apiUrl: world.pagerduty.url, token: 'token', from: people[0]?.email ?? '' })
/** One look of one replica. */
const look = async (id: string) => notePageAnswers(services(), rest(), await found(id))
const told = async (id: string, words: string) => {
  await world.settled()
  const channel = (await found(id)).channel ?? ''
  return (await world.messages(channel)).filter((message) => message.text.includes(words))
}

describe('what people answer in PagerDuty', () => {
  it('comes back into the channel once, by the name that the catalog gives them', async () => {
    const id = await paged()
    await look(id)
    expect(await told(id, 'PagerDuty).')).toEqual([])
    act('acknowledge', 'luis')
    await Promise.all([look(id), look(id), look(id)])
    await look(id)
    expect(await told(id, '*luis* lo ha visto (PagerDuty)')).toHaveLength(1)
    const seen = (await incidentTimeline(db, id)).filter(({ kind }) => kind === 'page_seen')
    expect(seen).toMatchObject([{ actor: { kind: 'person', name: 'luis', slack: 'U0LUIS' } }])
    expect((await listAudit(db)).filter(({ kind }) => kind === 'page_seen')).toHaveLength(1)
    expect((await found(id)).state).toBe('open')
  })

  it('is told by the name in PagerDuty where the catalog has no such address', async () => {
    const id = await paged()
    act('acknowledge', 'ana')
    await look(id)
    expect(await told(id, 'Ana Ruiz')).toHaveLength(1)
  })

  it('that it is over does not end the incident while a run of it goes on', async () => {
    const id = await paged()
    const run = await goesOn()
    act('resolve', 'luis')
    await look(id)
    expect(await told(id, 'sigue en curso, así que el incidente sigue abierto aquí')).toHaveLength(1)
    expect(await told(id, run)).not.toEqual([])
    expect((await found(id)).state).toBe('open')
  })

  it('that it is over ends the incident here too when nothing goes on', async () => {
    const id = await paged()
    act('resolve', 'luis')
    await look(id)
    expect(await told(id, '*luis* lo ha resuelto en PagerDuty')).toHaveLength(1)
    expect(await found(id)).toMatchObject({ state: 'resolved' })
    expect((await incidentTimeline(db, id)).find(({ kind }) => kind === 'resolved')?.actor.name).toBe('luis')
  })

  it('to an earlier page is told as well when the same incident was paged anew', async () => {
    const id = await paged()
    const run = await goesOn()
    act('resolve', 'luis')
    await ended(db, run as `R-${string}`, failedOutcome)
    await transaction(db, (tx) => page(tx, id, { runId: run as `R-${string}` }))
    await until('the second page', () => pages().length === 2)
    await look(id)
    expect(await told(id, 'ha resuelto un aviso en PagerDuty; allí hay otro abierto')).toHaveLength(1)
    expect((await found(id)).state).toBe('open')
  })

  it('is asked for again later where PagerDuty is away', async () => {
    const id = await paged()
    act('acknowledge', 'luis')
    world.pagerduty.away(true)
    expect(await look(id)).toMatchObject({ kind: 'away' })
    world.pagerduty.away(false)
    expect(await look(id)).toBeUndefined()
    expect(await told(id, 'lo ha visto')).toHaveLength(1)
  })

  it('is nothing that our own resolve did', async () => {
    const id = await paged()
    await fetch(`${world.pagerduty.url}/v2/enqueue`, {
      method: 'POST',
      body: JSON.stringify({ routing_key: 'a'.repeat(32), event_action: 'resolve', dedup_key: (await found(id)).key }),
    })
    await until('the resolve', () => pages()[0]?.status === 'resolved')
    await look(id)
    expect(await told(id, 'en PagerDuty')).toEqual([])
    expect((await found(id)).state).toBe('open')
  })

  it('is looked for by the watcher, for incidents that somebody was called for and no others', async () => {
    const id = await paged()
    const quiet = await openOrJoinIncident(db, {
      subject: { kind: 'app', name: 'porttrack-worker' },
      severity: 'SEV3',
      language: 'es',
    })
    act('acknowledge', 'luis')
    const asked = () => world.pagerduty.log.filter(({ path }) => path === '/incidents').map(({ query }) => query)
    const before = asked().length
    const end = new AbortController()
    const watching = followUp(services(), rest(), end.signal)
    await until('the answer', async () => (await told(id, 'lo ha visto')).length === 1)
    end.abort()
    await watching
    const keys = asked().slice(before)
    expect(keys.length).toBeGreaterThan(0)
    expect(keys.filter((query) => query.includes(quiet.incident.key))).toEqual([])
  })
})
