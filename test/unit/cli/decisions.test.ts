import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { exitCodes, exitOf } from '../../../src/cli/exit.ts'
import { type Db, openDb } from '../../../src/store/db.ts'
import { botLock, tryLock } from '../../../src/store/locks.ts'
import { migrate } from '../../../src/store/migrations.ts'
import { createRun, getRun, savePlan } from '../../../src/store/runs.ts'
import type { RunId } from '../../../src/store/types.ts'
import { hasTerminal, onTerminal, rescue } from '../../cli/support/terminal.ts'
import { ana, luis, silent, startTestServer, type TestServer } from '../../store/helpers/store.ts'
import { examplePlan } from '../texts/examples.ts'

let server: TestServer
let db: Db
let holder: pg.Client
let folder: string
let env: Record<string, string>

beforeAll(async () => {
  server = await startTestServer()
  db = openDb(server.url, { log: silent, max: 3 })
  await migrate(db)
  // A bot is at work, so that these commands only decide.
  holder = await db.connect()
  await tryLock(holder, botLock)
  folder = await mkdtemp(join(tmpdir(), 'rescue-decisions-'))
  const person = (slack: string, role: string) => ({ slack, role })
  const catalog = {
    version: 1,
    language: 'es',
    people: {
      ana: person('U0ANA', 'approver'),
      luis: person('U0LUIS', 'approver'),
      invitado: person('U0INVITADO', 'viewer'),
    },
    channels: { operations: 'C0OPS' },
    clusters: { main: { kubeconfig: join(folder, 'kubeconfig') } },
    apps: { 'porttrack-app': { cluster: 'main', namespace: 'porttrack', workload: 'deployment/porttrack-app' } },
    policies: [{ operation: 'rollback', target: 'porttrack-app', approvals: 2, by: 'approver' }],
  }
  await writeFile(join(folder, 'rescue.yml'), stringify(catalog))
  env = {
    PATH: process.env['PATH'] ?? '',
    RESCUE_CATALOG: join(folder, 'rescue.yml'),
    RESCUE_DATA: folder,
    DATABASE_URL: server.url,
    LANG: 'es_ES.UTF-8',
  }
})
afterAll(async () => {
  await holder?.end()
  await db?.close()
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

const hash = '0123456789abcdef'

/** A rollback that ana asked for and that waits for a second person. */
async function waiting(more: { readonly expired?: boolean } = {}): Promise<RunId> {
  const key = randomBytes(6).toString('hex')
  const { run } = await createRun(db, {
    operation: 'rollback',
    params: { app: 'porttrack-app' },
    risk: 'reversible',
    target: `main/porttrack/deployment/${key}`,
    subject: { kind: 'app', name: 'porttrack-app' },
    actor: ana,
    origin: { surface: 'cli', language: 'es' },
    idempotencyKey: key,
  })
  const expiresAt = new Date(Date.now() + (more.expired === true ? -1_000 : 900_000))
  await savePlan(db, run.id, { plan: examplePlan(), facts: {}, hash, expiresAt })
  return run.id
}

const as = (name: string) => ({ ...env, RESCUE_ACTOR: name })
const stateOf = async (id: RunId) => (await getRun(db, id))?.state

describe('exit codes', () => {
  it('tell a pipeline how a run ended', () => {
    expect(exitCodes).toEqual({ ok: 0, failed: 1, badInput: 2, refused: 3, notApproved: 4 })
    const kinds = ['verified', 'nothing_to_do', 'failed', 'refused', 'not_approved'] as const
    expect(kinds.map(exitOf)).toEqual([0, 0, 1, 3, 4])
  })
})

type Case = {
  readonly what: string
  readonly who: string
  readonly command: 'approve' | 'reject' | 'stop' | 'undo'
  readonly run?: () => Promise<string>
  readonly code: number
  readonly state?: string
}

describe.concurrent('a decision from a pipeline: one object on stdout, and a code', { timeout: 120_000 }, () => {
  const cases: readonly Case[] = [
    { what: 'a word that is no run', who: 'luis', command: 'approve', run: async () => 'R-x', code: 2 },
    { what: 'a run that is not there', who: 'luis', command: 'reject', run: async () => 'R-9999', code: 2 },
    { what: 'undoing what has not ended', who: 'luis', command: 'undo', code: 2, state: 'waiting' },
    { what: "one's own request", who: 'ana', command: 'approve', code: 3, state: 'waiting' },
    { what: 'somebody who may only look', who: 'invitado', command: 'approve', code: 3, state: 'waiting' },
    { what: 'a no of somebody who may only look', who: 'invitado', command: 'reject', code: 3, state: 'waiting' },
    {
      what: 'a plan that has expired',
      who: 'luis',
      command: 'approve',
      run: () => waiting({ expired: true }),
      code: 3,
      state: 'waiting',
    },
    { what: 'the yes of a second person', who: 'luis', command: 'approve', code: 0, state: 'confirmed' },
    { what: 'the no of a second person', who: 'luis', command: 'reject', code: 0, state: 'ended' },
    { what: 'a stop of what has not begun', who: 'luis', command: 'stop', code: 0, state: 'ended' },
  ]

  it.each(cases)('$what: $code', async ({ who, command, run, code, state }) => {
    const id = await (run ?? waiting)()
    const ran = await rescue(as(who), [command, id, '--json'])
    expect(ran.code, ran.stderr).toBe(code)
    expect(ran.stdout.trimEnd().split('\n'), 'one line on stdout').toHaveLength(1)
    expect(JSON.parse(ran.stdout)).toHaveProperty('steps')
    if (state !== undefined) expect(await stateOf(id as RunId)).toBe(state)
    if (code !== 0) expect(ran.stderr.trim(), 'a sentence for people').not.toBe('')
  })

  it('an emergency without a reason is bad input that shows how; nothing is begun', async () => {
    const ran = await rescue(as('ana'), ['rollback', 'porttrack-app', '--emergency', '--json'])
    expect(ran.code).toBe(2)
    expect(JSON.parse(ran.stdout)).toMatchObject({ run: null, outcome: { reason: 'reason_needed' } })
    expect(ran.stderr).toContain('--reason')
  })
})

describe.runIf(hasTerminal).concurrent('approve on a terminal', { timeout: 120_000 }, () => {
  const question = /Escribe (R-\d+)/

  it('shows the plan, and takes no other word for a yes', async () => {
    const id = await waiting()
    const typing = [
      { after: question, keys: 'sí\r' },
      { after: /Eso no es/, keys: '\r' },
    ]
    const seen = await onTerminal(as('luis'), ['approve', id], { typing })
    expect(seen.code).toBe(4)
    expect(seen.raw).toContain('Volver porttrack-app a la revisión 41')
    expect(await stateOf(id)).toBe('waiting')
  })

  it('takes its own number, and leaves the work to the bot', async () => {
    const id = await waiting()
    const seen = await onTerminal(as('luis'), ['approve', id], { typing: [{ after: question, keys: `${id}\r` }] })
    expect(seen.code, seen.raw).toBe(0)
    expect(await getRun(db, id)).toMatchObject({ state: 'confirmed', confirmedBy: { name: luis.name } })
  })

  it('asks nothing of somebody who may not: they are refused', async () => {
    const id = await waiting()
    const seen = await onTerminal(as('ana'), ['approve', id])
    expect(seen.code).toBe(3)
    expect(seen.raw).not.toMatch(question)
    expect(await stateOf(id)).toBe('waiting')
  })
})
