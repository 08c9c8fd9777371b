import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { launchEngine } from '../../src/engine/launch.ts'
import {
  awaitMessage,
  defineWorkflow,
  durable,
  fenced,
  onTarget,
  sendMessage,
  startWorkflow,
  type Workflow,
} from '../../src/engine/workflow.ts'
import { appendAudit } from '../../src/store/audit.ts'
import { type Db, openDb } from '../../src/store/db.ts'
import { startEmbedded } from '../../src/store/embedded/start.ts'
import { releaseHold, takeHold } from '../../src/store/holds.ts'
import { migrate } from '../../src/store/migrations.ts'
import { claim, enqueue, listen, settle } from '../../src/store/outbox.ts'
import { createRun } from '../../src/store/runs.ts'
import { beginStep, planSteps } from '../../src/store/steps.ts'
import type { RunId } from '../../src/store/types.ts'
import { makeStage } from '../engine/helpers/bots.ts'

/** Milliseconds. */
export type Percentiles = { readonly p50: number; readonly p99: number }

export type EngineFigures = {
  readonly storeColdMs: number
  readonly storeWarmMs: number
  readonly engineWarmMs: number
  /** From the message that a click sends to the first step of the child that holds the target. */
  readonly clickToFirstStep: Percentiles
  /** The same, to the beginning of the fenced act: two steps and the ledger in between. */
  readonly clickToAct: Percentiles
  /** The same while 20 runs on 20 other targets are working. */
  readonly clickToActBusy: Percentiles
  /** From the end of the child to the parent's next step. */
  readonly endToParent: Percentiles
  readonly createRun: Percentiles
  readonly appendAudit: Percentiles
  readonly takeAndReleaseHold: Percentiles
  readonly announceStep: Percentiles
  /** From the enqueue to the claim by a listener. */
  readonly enqueueToClaim: Percentiles
  /** From a bot's SIGKILL to the same step running again in another one. */
  readonly takeoverMs: number
  /** Milliseconds of processor per second at rest. */
  readonly cpuAtRest: number
}

const log = pino({ level: 'error' })
const actor = { kind: 'person', name: 'ana' } as const
const targetOf = (name: string) => `main/bench/deployment/${name}`

/** Starts a store and an engine of its own in this process and measures them; about 20 s. */
export async function measureEngine(rounds = 100): Promise<EngineFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-bench-engine-'))
  const cold = await timed(() => startEmbedded({ folder }))
  await cold.result.stop()
  const warm = await timed(() => startEmbedded({ folder }))
  const db = openDb(warm.result.url, { log })
  try {
    await migrate(db)
    const figures = await measureClicks(db, rounds)
    const takeoverMs = await measureTakeover(warm.result.url)
    return {
      takeoverMs,
      storeColdMs: round(cold.ms),
      storeWarmMs: round(warm.ms),
      ...figures,
      ...(await measureStore(db, rounds)),
    }
  } finally {
    await db.close()
    await warm.result.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** When each point of each run was passed. */
type Passed = Map<string, number>

async function measureClicks(db: Db, rounds: number) {
  const passed: Passed = new Map()
  registerLife(db, passed)
  await (await launchEngine({ databaseUrl: db.url, db, log })).stop()
  const life = registerLife(db, passed)
  const launch = await timed(() => launchEngine({ databaseUrl: db.url, db, log }))
  try {
    const rest = await cpuAtRest()
    const idle = await clickAll(life, passed, 'idle', rounds)
    const others = Array.from({ length: 20 }, (_, n) => click(life, passed, `other-${n}`, 20))
    const busy = await clickAll(life, passed, 'busy', Math.ceil(rounds / 4))
    await Promise.all(others)
    return {
      engineWarmMs: round(launch.ms),
      cpuAtRest: round(rest),
      clickToFirstStep: percentiles(idle.map((run) => run.first)),
      clickToAct: percentiles(idle.map((run) => run.act)),
      clickToActBusy: percentiles(busy.map((run) => run.act)),
      endToParent: percentiles(idle.map((run) => run.parent)),
    }
  } finally {
    await launch.result.stop()
  }
}

/** A run as the operations have it: wait, child on the target, announced steps, an act behind the fence. */
function registerLife(db: Db, passed: Passed): Workflow<[string, number], void> {
  const at = (run: string, point: string) => void passed.set(`${run} ${point}`, performance.now())
  const execute = defineWorkflow('execute', async (run: string, steps: number): Promise<void> => {
    await durable('compare', async () => at(run, 'first'))
    await durable('restore', () =>
      fenced(
        db,
        { runId: run as RunId, name: 'restore', target: targetOf(run) },
        {
          intent: {},
          act: async () => at(run, 'act'),
          look: async () => ({ kind: 'not_done' }),
        },
      ),
    )
    for (let n = 0; n < steps; n++) await durable(`work ${n}`, () => sleep(250))
    await durable('end', async () => at(run, 'end'))
  })
  return defineWorkflow('run', async (run: string, steps: number): Promise<void> => {
    await durable('plan', async () => at(run, 'planned'))
    await awaitMessage('decided', 60)
    await durable('settleWait', async () => undefined)
    await onTarget(execute, { id: `${run}/execute`, target: targetOf(run) }, run, steps)
    await durable('close', async () => at(run, 'parent'))
  })
}

type Clicked = { readonly first: number; readonly act: number; readonly parent: number }

async function clickAll(
  life: Workflow<[string, number], void>,
  passed: Passed,
  name: string,
  rounds: number,
): Promise<Clicked[]> {
  const all: Clicked[] = []
  for (let n = 0; n < rounds; n++) all.push(await click(life, passed, `${name}-${n}`, 0))
  return all
}

async function click(
  life: Workflow<[string, number], void>,
  passed: Passed,
  run: string,
  steps: number,
): Promise<Clicked> {
  await startWorkflow(life, { id: run }, run, steps)
  await until(() => passed.has(`${run} planned`))
  await sleep(20)
  const clicked = performance.now()
  await sendMessage(run, 'decided', {}, run)
  await until(() => passed.has(`${run} parent`))
  const when = (point: string) => passed.get(`${run} ${point}`) ?? Number.NaN
  return { first: when('first') - clicked, act: when('act') - clicked, parent: when('parent') - when('end') }
}

async function measureStore(db: Db, rounds: number) {
  const times = async (body: (n: number) => Promise<unknown>) => {
    const all: number[] = []
    for (let n = 0; n < rounds; n++) all.push((await timed(() => body(n))).ms)
    return percentiles(all)
  }
  const run = {
    operation: 'rollback',
    params: {},
    risk: 'reversible',
    subject: { kind: 'app', name: 'a' },
    actor,
    origin,
  }
  const { run: one } = await createRun(db, { ...run, target: 't', idempotencyKey: 'one' })
  await planSteps(db, one.id, ['step'])
  return {
    createRun: await times((n) => createRun(db, { ...run, target: 't', idempotencyKey: `key ${n}` })),
    appendAudit: await times((n) => appendAudit(db, { kind: 'step', runId: one.id, actor, data: { n } })),
    takeAndReleaseHold: await times(async () => {
      await takeHold(db, { target: 't', runId: one.id, actor })
      await releaseHold(db, { target: 't', runId: one.id })
    }),
    announceStep: await times(() => beginStep(db, one.id, 'step')),
    enqueueToClaim: await measureWaking(db, rounds),
  }
}

const origin = { surface: 'slack', language: 'es' } as const

async function measureWaking(db: Db, rounds: number): Promise<Percentiles> {
  let wake = (): void => undefined
  const listener = listen(db, 'pagerduty', () => wake())
  const all: number[] = []
  for (let n = 0; n < rounds; n++) {
    const woken = new Promise<void>((resolve) => {
      wake = resolve
    })
    if (n === 0) await woken
    const began = performance.now()
    await enqueue(db, { to: 'pagerduty', lane: 'bench', key: `bench ${n}`, kind: 'page', payload: {} })
    await woken
    const [entry] = await claim(db, 'pagerduty', { limit: 1 })
    all.push(performance.now() - began)
    if (entry !== undefined) await settle(db, entry)
  }
  await listener.stop()
  return percentiles(all)
}

async function measureTakeover(url: string): Promise<number> {
  const stage = await makeStage(url)
  try {
    const bots = [await stage.bot(), await stage.bot()]
    await stage.stopAt('health')
    await bots[0]?.start('R-0001', targetOf('takeover'))
    await stage.decide('R-0001')
    const worker = await stage.reached('R-0001', 'health')
    const began = performance.now()
    await bots.find((bot) => bot.pid === worker)?.kill()
    await stage.reached('R-0001', 'health', 2)
    return round(performance.now() - began)
  } finally {
    await stage.close()
  }
}

async function cpuAtRest(): Promise<number> {
  const before = process.cpuUsage()
  await sleep(3_000)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 3_000
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
  const began = performance.now()
  const result = await work()
  return { result, ms: performance.now() - began }
}

async function until(done: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!done()) {
    if (Date.now() > deadline) throw new Error('a measured run did not end within a minute')
    await sleep(1)
  }
}

function percentiles(all: readonly number[]): Percentiles {
  const sorted = [...all].sort((a, b) => a - b)
  const at = (share: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN)
  return { p50: at(0.5), p99: at(0.99) }
}

const round = (ms: number) => Math.round(ms * 10) / 10

if (import.meta.main) console.log(JSON.stringify(await measureEngine(), null, 2))
