import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cancel, confirm } from '../../src/operations/decide.ts'
import { startRun } from '../../src/operations/start.ts'
import { listAudit } from '../../src/store/audit.ts'
import { claimRelease, decisionsOf, openQuestions } from '../../src/store/automatic.ts'
import { listEvidence } from '../../src/store/evidence.ts'
import { getRun, listRuns } from '../../src/store/runs.ts'
import { listSteps } from '../../src/store/steps.ts'
import type { AutomaticRow, RunRow } from '../../src/store/types.ts'
import { followQuestions } from '../../src/watchers/automatic/ask.ts'
import { onBadRelease, resumeReleases } from '../../src/watchers/automatic/handle.ts'
import { keyOf } from '../../src/watchers/automatic/request.ts'
import type { BadRelease } from '../../src/watchers/bad-releases/types.ts'
import { ana, fromSlack } from '../store/helpers/store.ts'
import { until } from '../store/helpers/until.ts'
import { startWatchWorld, type WatchWorld } from './world.ts'

const quick = { mode: 'ask', answerMinutes: 0 }
const apps = {
  crash: { automatic: 'act' },
  race: { automatic: 'act' },
  held: { automatic: 'act' },
  frozen: { automatic: 'act' },
  hopeless: { automatic: 'act' },
  orphan: { automatic: 'act' },
  mute: { automatic: 'act' },
  question: { automatic: quick },
  settled: { automatic: 'ask' },
  stateful: { kind: 'statefulset', automatic: 'act' },
  daemon: { kind: 'daemonset', automatic: 'act' },
} as const
type App = keyof typeof apps

let world: WatchWorld
beforeAll(async () => {
  world = await startWatchWorld(apps)
}, 60_000)
afterAll(() => world?.stop(), 30_000)

const person = { name: 'ana', slack: 'U0ANA', role: 'operator', entry: undefined } as const
const never = new AbortController().signal
const handle = (release: BadRelease) => onBadRelease(world.desk, release, never)
const db = () => world.desk.services.db
const runsOf = (app: App): Promise<RunRow[]> => listRuns(db(), { subject: { kind: 'app', name: app } })

async function outboxOf(kind: string): Promise<readonly Record<string, unknown>[]> {
  const { rows } = await db().query<{ payload: Record<string, unknown> }>(
    'select payload from outbox where kind = $1 order by id',
    [kind],
  )
  return rows.map((row) => row.payload)
}

/** Calls that this app's bad release led to. */
const pagesOf = async (app: App): Promise<readonly unknown[]> => {
  const ids = (await decisionsOf(db(), app)).map(({ id }) => id)
  return (await outboxOf('page')).filter(({ decision }) => ids.includes(String(decision))).map(({ reason }) => reason)
}
const decided = async (app: App): Promise<AutomaticRow | undefined> => (await decisionsOf(db(), app))[0]

const ended = (id: RunRow['id']): Promise<RunRow> =>
  until(
    `the end of ${id}`,
    async () => {
      const run = await getRun(db(), id)
      return run?.state === 'ended' ? run : undefined
    },
    30,
  )

async function broken(app: App, more: Parameters<WatchWorld['release']>[2] = {}): Promise<BadRelease> {
  await world.create(app)
  await world.release(app, '2.0.0-crash', more)
  return world.bad(app)
}

/** Somebody's plan for the app, ready to be confirmed. */
async function planOf(app: App, key: string): Promise<RunRow> {
  const request = { operation: 'rollback', params: { app }, actor: ana, origin: fromSlack, idempotencyKey: key }
  const started = await startRun(world.desk, request, person)
  if (!('run' in started) || started.run === undefined) throw new Error(`no run: ${started.kind}`)
  const { id } = started.run
  return until(`the plan of ${id}`, async () => {
    const run = await getRun(db(), id)
    return run?.state === 'waiting' ? run : undefined
  })
}
const confirmBy = (run: RunRow) =>
  confirm(world.desk, {
    run: run.id,
    planHash: run.planHash ?? '',
    person,
    actor: ana,
    stays: true,
  })

describe('a release that saves itself', () => {
  it('two watchers at once: one run, one change, with the evidence kept before it and somebody called', async () => {
    const bad = await broken('crash')
    await Promise.all([handle(bad), handle(bad)])
    const [run, ...others] = await runsOf('crash')
    expect(others).toEqual([])
    const over = await ended(run?.id ?? 'R-0000')
    expect(over).toMatchObject({ outcome: { kind: 'verified' }, confirmedBy: { kind: 'watcher', name: 'releases' } })
    expect(world.patches('crash')).toBe(1)
    expect(await world.image('crash')).toBe('app:1.0.0')
    expect((await listEvidence(db(), over.id)).map(({ kind }) => kind)).toContain('previous-log')
    const audit = (await listAudit(db(), { runId: over.id, limit: 50 })).toReversed()
    const at = (word: string) => audit.findIndex(({ kind, data }) => kind === word || data['step'] === word)
    expect(at('evidence')).toBeLessThan(at('restoreTemplate'))
    expect(audit[at('decision')]?.data).toMatchObject({ seen: { signal: 'crash_loop', revision: 2 } })
    expect(await pagesOf('crash')).toEqual(['act'])
  }, 60_000)

  it('put back by somebody, it is left to people, once, and they learn by whom', async () => {
    const before = new Date()
    await world.release('crash', '2.0.0-crash', { manager: 'argocd-controller' })
    const again = await world.bad('crash', before)
    await handle(again)
    await handle(again)
    expect(world.patches('crash')).toBe(1)
    const told = (await outboxOf('release')).filter(({ app }) => app === 'crash')
    expect(told).toMatchObject([{ reason: 'acted_already', detail: { by: 'argocd-controller' } }])
    expect(await pagesOf('crash')).toEqual(['act', 'acted_already'])
  }, 60_000)

  it('waits for its evidence, but not for logs that do not come: those are named, and nothing changes before', async () => {
    const bad = await broken('mute')
    const { faults } = world.surround.cluster
    faults.add({ match: { path: '/pods/mute-[^/]+/log' }, times: 50, answer: 'hang' })
    await handle(bad)
    const [run] = await runsOf('mute')
    expect((await ended(run?.id ?? 'R-0000')).outcome).toMatchObject({ kind: 'verified' })
    faults.clear()
    const audit = (await listAudit(db(), { runId: run?.id ?? 'R-0000', limit: 50 })).toReversed()
    const kinds = audit.map(({ kind, data }) => (kind === 'step' ? data['step'] : kind))
    expect(kinds.indexOf('evidence')).toBeGreaterThan(-1)
    expect(kinds.indexOf('evidence')).toBeLessThan(kinds.indexOf('restoreTemplate'))
    const kept = await listEvidence(db(), run?.id ?? 'R-0000')
    expect(kept.map(({ name }) => name)).toContain('not read in watched')
  }, 60_000)

  it('of a StatefulSet: the pod that is stuck is replaced', async () => {
    await handle(await broken('stateful'))
    const [run] = await runsOf('stateful')
    expect((await ended(run?.id ?? 'R-0000')).outcome).toMatchObject({ kind: 'verified' })
    const steps = await listSteps(db(), run?.id ?? 'R-0000')
    expect(steps.find(({ name }) => name === 'replaceStuckPods')?.state).toBe('done')
  }, 60_000)

  it('of a DaemonSet', async () => {
    await handle(await broken('daemon'))
    const [run] = await runsOf('daemon')
    expect((await ended(run?.id ?? 'R-0000')).outcome).toMatchObject({ kind: 'verified' })
  }, 60_000)

  it('that a watcher saw and left undecided when it died is settled by the next one', async () => {
    const bad = await broken('orphan')
    const row = await claimRelease(db(), keyOf(bad), bad)
    await db().query(`update automatic_decisions set seen_at = seen_at - interval '1 minute' where id = $1`, [row.id])
    await Promise.all([resumeReleases(world.desk, never), resumeReleases(world.desk, never)])
    const [run, ...others] = await runsOf('orphan')
    expect((await ended(run?.id ?? 'R-0000')).outcome).toMatchObject({ kind: 'verified' })
    expect([others, world.patches('orphan')]).toEqual([[], 1])
  }, 60_000)
})

describe('people come first', () => {
  it('a person and the watcher at the same instant: one of them wins, the other one changes nothing', async () => {
    const bad = await broken('race')
    const plan = await planOf('race', 'race')
    const [clicked] = await Promise.all([confirmBy(plan), handle(bad)])
    const runs = await Promise.all(
      (await runsOf('race')).filter(({ id, confirmedAt }) => id === plan.id || confirmedAt).map(({ id }) => id),
    )
    const won = clicked.kind === 'confirmed' ? plan.id : (runs.find((id) => id !== plan.id) ?? plan.id)
    expect((await ended(won)).outcome).toMatchObject({ kind: 'verified' })
    expect(world.patches('race')).toBe(1)
    const confirmed = (await runsOf('race')).filter(({ confirmedAt }) => confirmedAt !== undefined)
    expect(confirmed.map(({ id }) => id)).toEqual([won])
    expect(['confirmed', 'held', 'too_late']).toContain(clicked.kind)
  }, 60_000)

  it('whoever is at work is left alone, and learns below their card what was seen', async () => {
    const bad = await broken('held')
    const plan = await planOf('held', 'held')
    const hold = `insert into holds (target, run_id, actor) values ($1, $2, $3)`
    await db().query(hold, [plan.target, plan.id, JSON.stringify(ana)])
    await handle(bad)
    await handle(bad)
    expect(await decided('held')).toMatchObject({ decision: 'leave', reason: 'person_at_work' })
    expect((await outboxOf('release')).filter(({ run }) => run === plan.id)).toHaveLength(1)
    expect([await runsOf('held'), await pagesOf('held')]).toMatchObject([[{ id: plan.id }], []])
    // They give up: the release is not forgotten.
    await db().query('delete from holds')
    await cancel(world.desk, { run: plan.id, person, actor: ana })
    await resumeReleases(world.desk, never)
    const [run] = await runsOf('held')
    expect(await ended(run?.id ?? 'R-0000')).toMatchObject({
      actor: { kind: 'watcher' },
      outcome: { kind: 'verified' },
    })
  }, 60_000)
})

describe('a release that is left to people', () => {
  it('because it changed the database for good: nothing is changed, somebody is called once', async () => {
    const bad = await broken('frozen', { annotations: { 'rescue.porttrack.io/irreversible-migration': 'drops v1' } })
    await handle(bad)
    await handle({ ...bad, signal: 'deadline_exceeded' })
    expect(await decided('frozen')).toMatchObject({ reason: 'irreversible_migration', detail: { says: 'drops v1' } })
    expect([world.patches('frozen'), await pagesOf('frozen')]).toEqual([0, ['irreversible_migration']])
  }, 60_000)

  it('because the old version fails as well', async () => {
    const bad = await broken('hopeless')
    await handle({ ...bad, oldFailing: true })
    expect(await decided('hopeless')).toMatchObject({ decision: 'leave', reason: 'old_failing' })
    expect([world.patches('hopeless'), await runsOf('hopeless')]).toEqual([0, []])
    // What was left is judged anew when it shows itself in another way.
    await handle(bad)
    const [run] = await runsOf('hopeless')
    expect((await ended(run?.id ?? 'R-0000')).outcome).toMatchObject({ kind: 'verified' })
  }, 60_000)
})

describe('a question', () => {
  it('that nobody answers calls somebody, once, and still changes nothing', async () => {
    await handle(await broken('question'))
    await Promise.all([followQuestions(world.desk), followQuestions(world.desk)])
    await followQuestions(world.desk)
    expect(await pagesOf('question')).toEqual(['unanswered'])
    const escalations = (await listAudit(db(), { limit: 200 })).filter(({ kind }) => kind === 'escalated')
    expect(escalations).toHaveLength(1)
    const [run] = await runsOf('question')
    expect(run).toMatchObject({ state: 'waiting', actor: { kind: 'watcher' } })
    expect([world.patches('question'), (await decided('question'))?.escalatedAt]).toEqual([0, expect.any(Date)])
  }, 60_000)

  it('is never joined by a person who asks for the same, and is taken back when they act', async () => {
    await handle(await broken('settled'))
    const [question] = await runsOf('settled')
    const own = await planOf('settled', 'settled')
    expect(own.id).not.toBe(question?.id)
    await followQuestions(world.desk)
    expect((await openQuestions(db())).map(({ runId }) => runId)).toContain(question?.id)
    expect(await confirmBy(own)).toMatchObject({ kind: 'confirmed' })
    await followQuestions(world.desk)
    expect((await ended(question?.id ?? 'R-0000')).outcome).toMatchObject({ reason: 'superseded' })
    expect((await ended(own.id)).outcome).toMatchObject({ kind: 'verified' })
    expect(await pagesOf('settled')).toEqual([])
  }, 60_000)
})
