import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Desk } from '../../src/operations/desk.ts'
import { operationsByName } from '../../src/operations/index.ts'
import { type Started, startRun } from '../../src/operations/start.ts'
import { listAudit } from '../../src/store/audit.ts'
import type { Db } from '../../src/store/db.ts'
import { listRuns } from '../../src/store/runs.ts'
import { testCatalog } from '../delivery/world.ts'
import { ana, fromSlack, luis, silent, startTestServer, type TestServer } from './helpers/store.ts'
import { until } from './helpers/until.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

const people = [ana, luis]
const many = 20

/** The desk of a bot without an engine: what is asked for here is never worked on. */
function deskOf(db: Db): Desk {
  const never = () => Promise.reject(new Error('nothing is worked on here'))
  return {
    services: {
      db,
      catalog: testCatalog(),
      log: silent,
      scratch: '/nowhere',
      secret: never,
      cluster: () => never() as never,
    },
    operations: operationsByName,
    workflows: { start: async () => ({ kind: 'started' }), execute: never, wake: never },
  }
}

/** Somebody asks, with an id of their own. */
function ask(desk: Desk, n: number, params: object): Promise<Started> {
  const actor = people[n % people.length] ?? ana
  const request = { operation: 'rollback', params, actor, origin: fromSlack, idempotencyKey: `click:${n}` }
  return startRun(desk, request, {
    name: actor.name,
    slack: actor.slack,
    role: 'approver',
    entry: undefined,
  })
}

/**
 * All requests at one instant: the number of the next run is held, so that none can be created before each has come as far as it
 * can. @returns what they were answered
 */
async function atOnce(db: Db, requests: () => readonly Promise<Started>[]): Promise<readonly Started[]> {
  const holder = await db.connect()
  await holder.query('begin')
  await holder.query(`select value from counters where name = 'runs' for update`)
  const asked = requests()
  await until('each of them waits in the store', async () => {
    const { rows } = await db.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity
       where application_name = 'rescue' and wait_event_type = 'Lock'`,
    )
    return rows[0]?.n === asked.length
  })
  await holder.query('commit')
  const answers = await Promise.all(asked)
  await holder.end()
  return answers
}

describe('twenty equal requests at one instant', () => {
  it('are one run; the others are told which one waits', async () => {
    const db = await server.freshStore({ max: many + 2 })
    const desk = deskOf(db)
    const params = (n: number) => ({ app: 'porttrack-app', toRevision: 41, reason: `dicho por ${n}` })
    const answers = await atOnce(db, () => Array.from({ length: many }, (_, n) => ask(desk, n, params(n))))
    const runs = await listRuns(db)
    expect(runs.map(({ id }) => id)).toEqual(['R-0001'])
    expect(answers.filter(({ kind }) => kind === 'started')).toHaveLength(1)
    const others = answers.filter((answer) => answer.kind === 'waiting_already')
    expect(others).toHaveLength(many - 1)
    expect(new Set(others.map(({ run }) => run.id))).toEqual(new Set(['R-0001']))
    expect((await listAudit(db)).filter(({ kind }) => kind === 'request')).toHaveLength(1)
  })

  it('that Slack sends again with one id are one run, and each is told so', async () => {
    const db = await server.freshStore({ max: many + 2 })
    const desk = deskOf(db)
    const answers = await atOnce(db, () => Array.from({ length: many }, () => ask(desk, 7, { app: 'porttrack-app' })))
    expect(await listRuns(db)).toHaveLength(1)
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['started', 'again']))
  })

  it('for other revisions are other runs: nobody joins what they did not ask for', async () => {
    const db = await server.freshStore({ max: many + 2 })
    const desk = deskOf(db)
    const answers = await atOnce(db, () =>
      [40, 41, 41].map((toRevision, n) => ask(desk, n, { app: 'porttrack-app', toRevision })),
    )
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['started', 'started', 'waiting_already'])
    expect(await listRuns(db)).toHaveLength(2)
  })
})
