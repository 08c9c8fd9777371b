import { DBOS } from '@dbos-inc/dbos-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Engine, launchEngine } from '../../src/engine/launch.ts'
import { confirm } from '../../src/operations/decide.ts'
import type { Desk } from '../../src/operations/desk.ts'
import { registerRunWorkflows } from '../../src/operations/run/workflow.ts'
import type { Services } from '../../src/operations/services.ts'
import { startRun } from '../../src/operations/start.ts'
import type { AnyOperation, Operation } from '../../src/operations/types.ts'
import { listAudit } from '../../src/store/audit.ts'
import type { Db } from '../../src/store/db.ts'
import { listEvidence } from '../../src/store/evidence.ts'
import { findReview } from '../../src/store/reviews.ts'
import { getRun } from '../../src/store/runs.ts'
import { listSteps } from '../../src/store/steps.ts'
import type { RunId } from '../../src/store/types.ts'
import { testCatalog } from '../delivery/world.ts'
import { ana, fromSlack, silent, startTestServer, type TestServer } from '../store/helpers/store.ts'
import { until } from '../store/helpers/until.ts'

type Params = { readonly app: string; readonly reason: string }
type Plan = { readonly app: string; readonly colour: string }

const person = { name: ana.name, slack: ana.slack, role: 'approver', entry: undefined } as const

let server: TestServer
let db: Db
let engine: Engine
let desk: Desk

/** An emergency that paints a wall: `walls` is the world. */
const paint: Operation<Params, { colour: string }, Plan> = {
  name: 'paint',
  risk: 'break-glass',
  params: z.strictObject({ app: z.string(), reason: z.string() }),
  target: ({ app }) => `wall/${app}`,
  subject: ({ app }) => ({ kind: 'app', name: app }),
  readFacts: async () => ({ colour: 'white' }),
  decide: ({ app }, { colour }) => ({ kind: 'proceed', plan: { app, colour: `not ${colour}` } }),
  fingerprint: (plan) => plan,
  captureEvidence: async () => [{ name: 'photograph', kind: 'note', content: 'a white wall' }],
  steps: ['look', 'paint', 'dry'],
  execute: async (run) => {
    const seen = await run.step('look', async () => walls())
    const painted = await run.fenced('paint', {
      intent: { colour: run.plan.colour },
      act: async () => {
        await db.query('insert into walls (run) values ($1)', [run.id])
        return { walls: await walls() }
      },
      look: async () => ({ kind: 'not_done' }),
    })
    const dry = await run.step('dry', async () => 'dry')
    return { kind: 'verified', reason: 'painted', detail: { seen, painted, dry } }
  },
  view: () => ({ facts: {}, warnings: [], changes: [] }),
}

async function walls(): Promise<number> {
  return (await db.query<{ n: number }>('select count(*)::int as n from walls')).rows[0]?.n ?? 0
}

beforeAll(async () => {
  server = await startTestServer()
  db = await server.freshStore()
  await db.query('create table walls (run text, at timestamptz default clock_timestamp())')
  const nowhere = () => {
    throw new Error('no cluster is needed')
  }
  const services: Services = {
    db,
    catalog: testCatalog(),
    log: silent,
    scratch: '/nowhere',
    secret: async () => '',
    cluster: nowhere,
  }
  const operations: ReadonlyMap<string, AnyOperation> = new Map([['paint', paint]])
  desk = { services, operations, workflows: registerRunWorkflows(services, operations) }
  engine = await launchEngine({ databaseUrl: server.url, db, log: silent })
})
afterAll(async () => {
  await engine?.stop(0)
  await server?.stop()
})

/** A run from the request to its end. */
async function painted(): Promise<RunId> {
  const params = { app: 'porttrack-app', reason: 'it was white' }
  const request = { operation: 'paint', params, actor: ana, origin: fromSlack, idempotencyKey: 'one' }
  const started = await startRun(desk, request, person)
  if (started.kind !== 'started') throw new Error(started.kind)
  const { id } = started.run
  const waiting = await until('a plan', async () => {
    const run = await getRun(db, id)
    return run?.state === 'waiting' ? run : undefined
  })
  await confirm(desk, { run: id, planHash: waiting.planHash ?? '', person, actor: ana, stays: true })
  await until('the end', async () => (await getRun(db, id))?.state === 'ended')
  await until('the end of its workflow', async () => (await DBOS.getWorkflowStatus(id))?.status === 'SUCCESS')
  return id
}

/** All that a run has left behind, but for the times. */
async function leftBehind(id: RunId) {
  const run = await getRun(db, id)
  const { rows: acts } = await db.query('select key, state, result from acts order by key')
  const { rows: holds } = await db.query('select target from holds')
  const { rows: told } = await db.query(`select recipient, key from outbox order by recipient, key`)
  return {
    walls: await walls(),
    run: { state: run?.state, outcome: run?.outcome, endedAt: run?.endedAt },
    audit: (await listAudit(db, { runId: id, limit: 100 })).map(({ seq, kind }) => `${seq} ${kind}`),
    steps: (await listSteps(db, id)).map(({ name, state }) => `${name} ${state}`),
    evidence: (await listEvidence(db, id)).map(({ name }) => name),
    review: await findReview(db, id),
    acts,
    holds,
    told,
  }
}

const stepsOf = async (workflow: string) =>
  ((await DBOS.listWorkflowSteps(workflow)) ?? []).map(({ name, childWorkflowID }) => childWorkflowID ?? name)

/** The engine's own clock beside a message: written down with it, and of no matter once the message is there. */
const ownClock = 'DBOS.sleep'

/** The body begins anew with what is written down of its first `known` steps: as after a crash between any two of them. */
async function replay(workflow: string, known: number): Promise<{ readonly id: string }> {
  const id = `${workflow}-replay-${known}`
  const handle = await DBOS.forkWorkflow(workflow, known, { newWorkflowID: id })
  // Where it waits for people: they have decided, and the store tells what.
  await DBOS.send(id, { decided: true }, 'decided')
  await handle.getResult()
  return { id }
}

describe('the body of a run, replayed after a crash between any two of its steps', () => {
  it('takes the same path, does nothing twice, and leaves behind what was there', { timeout: 60_000 }, async () => {
    const id = await painted()
    const before = await leftBehind(id)
    expect(before).toMatchObject({ walls: 1, run: { outcome: { kind: 'verified', reason: 'painted' } }, holds: [] })
    expect(before.audit.filter((entry) => /break_glass|review_requested|outcome/.test(entry))).toHaveLength(3)
    for (const workflow of [id, `${id}/execute`]) {
      const path = await stepsOf(workflow)
      expect(path.length).toBeGreaterThan(3)
      const way = (steps: readonly string[]) => steps.filter((step) => step !== ownClock)
      const again = await Promise.all(path.map((_step, known) => replay(workflow, known)))
      for (const [known, { id: copy }] of again.entries()) {
        const taken = way(await stepsOf(copy))
        const about = `${workflow} with ${known} steps known`
        // It may end earlier, because the store tells that the run is over; it never goes another way.
        expect(taken, about).toEqual(way(path).slice(0, taken.length))
        expect(taken.length, about).toBeGreaterThanOrEqual(way(path.slice(0, known)).length)
      }
      expect(await leftBehind(id), `after all replays of ${workflow}`).toEqual(before)
    }
  })
})
