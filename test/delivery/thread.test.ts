import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { showRun } from '../../src/delivery/enqueue.ts'
import { joinIncident } from '../../src/operations/run/incident.ts'
import type { Db } from '../../src/store/db.ts'
import { saveEvidence } from '../../src/store/evidence.ts'
import { getIncident } from '../../src/store/incidents.ts'
import { getRun } from '../../src/store/runs.ts'
import { beginStep, endStep } from '../../src/store/steps.ts'
import { startTestServer, type TestServer } from '../store/helpers/store.ts'
import { until } from '../store/helpers/until.ts'
import { steps, verified } from '../unit/texts/examples.ts'
import { asked, confirmed, ended, planned, running } from './runs.ts'
import { ops, startWorld, type World } from './world.ts'

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

async function underWay() {
  const id = await asked(db)
  await planned(db, id)
  await confirmed(db, id, { incident: false })
  await running(db, id)
  return id
}
/** Until every run is shown as it is, or will be soon. */
const shown = () =>
  until('the runs are shown', async () => {
    const { rows } = await db.query(`select from outbox where kind = 'run' and state <> 'done'`)
    return rows.length === 0
  })
const thread = async () => {
  const [card] = await world.messages(ops)
  return card === undefined ? [] : (await world.messages(ops, card.ts)).slice(1)
}

describe('the thread below a run', () => {
  it('gets the evidence as one file, also when the answer to the upload was lost', async () => {
    world = await startWorld(db)
    world.workspace.faults.add({ method: 'files.completeUploadExternal', answer: 'accepted-then-reset' })
    const id = await underWay()
    await saveEvidence(db, id, [{ name: 'porttrack-app-1.log', kind: 'log', content: 'DATABASE_URL is not set' }])
    await ended(db, id, verified)
    await until('the file', async () => (await thread()).some(({ files }) => (files?.length ?? 0) > 0))
    await world.settled()
    const files = (await thread()).flatMap(({ files }) => files ?? []).map(({ name }) => name)
    expect(files).toEqual([`${id}-evidence.txt`])
  })

  it('is whole below the card in the incident channel, also when the incident is opened after the first steps', async () => {
    world = await startWorld(db)
    const id = await underWay()
    await beginStep(db, id, steps[0] ?? '')
    await endStep(db, id, steps[0] ?? '', 'done')
    await showRun(db, id)
    await world.seen(ops, `stop:${id}`)
    await until('the thread was tried', async () => {
      const { rows } = await db.query(`select from outbox where kind = 'thread' and attempts > 1`)
      return rows.length > 0
    })
    await joinIncident(db, world.catalog, id)
    for (const step of steps.slice(1)) {
      await beginStep(db, id, step)
      await endStep(db, id, step, 'done')
    }
    await ended(db, id, verified)
    await world.settled()
    const incident = (await getRun(db, id))?.incidentId ?? ''
    const channel = (await getIncident(db, incident))?.channel ?? ''
    const card = await world.seen(channel, `next:${id}`)
    const lines = (await world.messages(channel, card.ts)).slice(1).map(({ text }) => text)
    expect(lines.join('').match(/✓/g)).toHaveLength(steps.length)
    expect(await thread()).toEqual([])
  })

  it('does not hold up the card: the end is shown while the thread cannot be written', async () => {
    world = await startWorld(db)
    const id = await underWay()
    await world.seen(ops, `stop:${id}`)
    await world.settled()
    world.workspace.faults.add({ method: 'chat.postMessage', channel: ops, answer: { status: 429, retryAfter: 3 } })
    for (const step of steps) {
      await beginStep(db, id, step)
      await endStep(db, id, step, 'done')
    }
    await ended(db, id, verified)
    await world.seen(ops, 'ha vuelto a la revisión 41')
    expect(await thread()).toEqual([])
    await world.settled()
    const told = (await thread()).map(({ text }) => text).join('\n')
    expect(told.match(/✓/g)).toHaveLength(steps.length)
  })

  it('is where steps are told one by one: the card above is edited now and then', async () => {
    world = await startWorld(db, { pace: { progressMs: 3_000 } })
    const id = await underWay()
    const edits = () => world.workspace.log.filter((call) => call.method === 'chat.update').length
    await shown()
    const before = edits()
    const began = Date.now()
    for (const step of steps) {
      await beginStep(db, id, step)
      await shown()
      await endStep(db, id, step, 'done')
      await shown()
    }
    expect(edits() - before).toBeLessThanOrEqual(2 + Math.floor((Date.now() - began) / 3_000))
  })

  it("keeps within Slack's own rates, and tells everything in the end", async () => {
    world = await startWorld(db, { pace: { progressMs: 3_000 } })
    world.workspace.strictRates(true)
    const ids = [await underWay(), await underWay(), await underWay()]
    for (const step of steps)
      for (const id of ids) {
        await beginStep(db, id, step)
        await endStep(db, id, step, 'done')
      }
    for (const id of ids) await ended(db, id, verified)
    await until(
      'every end is shown',
      async () => {
        const told = (await world.messages(ops)).map(({ blocks }) => JSON.stringify(blocks))
        return ids.every((id) => told.some((text) => text.includes(id) && text.includes('ha vuelto a la revisión 41')))
      },
      40,
    )
    await until(
      'every thread is told',
      async () => {
        const cards = (await world.messages(ops)).map(({ ts }) => ts)
        const all = await Promise.all(cards.map((ts) => world.messages(ops, ts)))
        return all.every(
          (messages) =>
            messages
              .slice(1)
              .map(({ text }) => text)
              .join('')
              .split('✓').length -
              1 ===
            steps.length,
        )
      },
      40,
    )
    const edits = world.workspace.log.filter((call) => call.method === 'chat.update' && call.status === 200)
    expect(edits.length).toBeLessThanOrEqual(4 * ids.length)
  }, 90_000)
})
