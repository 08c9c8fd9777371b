import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import { cancel, confirm, ruleOf } from '../operations/decide.ts'
import { mayConfirm } from '../operations/policy.ts'
import { type Started, startRun } from '../operations/start.ts'
import { type Undone, undoRun } from '../operations/undo.ts'
import { listSteps } from '../store/steps.ts'
import type { Origin, RunId, RunRow } from '../store/types.ts'
import { noticeOfDecision, noticeOfStart } from '../surface/notices.ts'
import { readRunId } from '../surface/run-id.ts'
import { Exit, exitCodes, exitOf } from './exit.ts'
import { follow } from './follow.ts'
import { reportOf } from './report.ts'
import { type Session, withSession } from './session.ts'
import { tellOutcome, tellPlan, tellStep } from './tell.ts'

export type ActOptions = {
  readonly plan?: boolean
  readonly yes?: boolean
  readonly wait?: boolean
  readonly follow?: boolean
  readonly json?: boolean
}
export type RollbackOptions = ActOptions & {
  readonly to?: string
  readonly emergency?: boolean
  readonly reason?: string
}

const origin = (session: Session): Origin => ({ surface: 'cli', language: session.language })

/** `rescue rollback APP [--to N] [--emergency] [--reason T]` */
export async function rollback(app: string, options: RollbackOptions): Promise<void> {
  const params = {
    app,
    ...(options.to === undefined ? {} : { toRevision: Number(options.to) }),
    ...(options.emergency === true ? { emergency: true } : {}),
    ...(options.reason === undefined ? {} : { reason: options.reason }),
  }
  await withSession(async (session) => {
    if (options.to !== undefined && !/^[1-9]\d{0,8}$/.test(options.to))
      throw new Exit(exitCodes.badInput, session.words.badRevision(options.to))
    const started = await startRun(
      session.desk,
      {
        operation: 'rollback',
        params,
        actor: session.actor,
        origin: origin(session),
        idempotencyKey: `cli:${randomUUID()}`,
      },
      session.person,
    )
    await carryOn(session, started, options)
  })
}

/** `rescue undo R-0042` */
export async function undo(word: string, options: ActOptions): Promise<void> {
  await withSession(async (session) => {
    const run = runIdOf(session, word)
    const undone = await undoRun(
      session.desk,
      { run, actor: session.actor, origin: origin(session), idempotencyKey: `cli:${randomUUID()}` },
      session.person,
    )
    await carryOn(session, undone, options, run)
  })
}

/** From a run that was started to its end, or to where others must decide. */
async function carryOn(session: Session, started: Started | Undone, options: ActOptions, asked?: RunId): Promise<void> {
  if (started.kind !== 'started' && started.kind !== 'again' && started.kind !== 'waiting_already')
    throw refusal(session, started, asked, options)
  const planned = await follow(session, started.run.id, (run) => run.state !== 'planning')
  if (planned.state === 'ended') return finish(session, planned, options)
  if (options.plan === true) {
    await cancel(session.desk, { run: planned.id, person: session.person, actor: session.actor })
    if (options.json !== true) tellPlan(session, planned)
    return report(session, planned, options)
  }
  if (options.json !== true) tellPlan(session, planned)
  await decide(session, planned, options)
  const ended = await follow(
    session,
    planned.id,
    (run) => run.state === 'ended',
    (step) => tellStep(session, planned, step, options),
  )
  await finish(session, ended, options)
}

async function decide(session: Session, run: RunRow, options: ActOptions): Promise<void> {
  if (run.state !== 'waiting') return
  const allowed = mayConfirm(ruleOf(session.desk, run), session.person, run.actor.name)
  if (allowed.kind === 'may' && (options.yes === true || (await asks(session, run.id)))) {
    const decided = await confirm(session.desk, {
      run: run.id,
      planHash: run.planHash ?? '',
      person: session.person,
      actor: session.actor,
    })
    if (decided.kind !== 'confirmed' && decided.kind !== 'too_late') {
      await cancel(session.desk, { run: run.id, person: session.person, actor: session.actor })
      throw new Exit(exitCodes.refused, session.notice(noticeOfDecision(decided, run.id)))
    }
    return
  }
  if (options.wait === false || (allowed.kind === 'may' && !process.stdin.isTTY)) {
    await report(session, run, options)
    throw new Exit(exitCodes.notApproved, session.words.waits(run.id))
  }
}

/** A person types the run's id; false without a terminal. */
export async function asks(session: Session, id: RunId): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return (await lines.question(session.words.ask(id))).trim() === id
  } finally {
    lines.close()
  }
}

async function finish(session: Session, run: RunRow, options: ActOptions): Promise<void> {
  if (options.json !== true) tellOutcome(session, run)
  await report(session, run, options)
  process.exitCode = run.outcome === undefined ? exitCodes.failed : exitOf(run.outcome.kind)
}

async function report(session: Session, run: RunRow, options: ActOptions): Promise<void> {
  if (options.json !== true) return
  const { services } = session.desk
  process.stdout.write(`${JSON.stringify(reportOf(services.catalog, run, await listSteps(services.db, run.id)))}\n`)
}

type NotStarted = Exclude<Started | Undone, { kind: 'started' | 'again' | 'waiting_already' }>
const badInputs: readonly NotStarted['kind'][] = [
  'unknown_subject',
  'bad_input',
  'unknown_run',
  'reason_needed',
  'not_finished',
]

/** Nothing was begun; with --json a program still gets one object that says why. */
function refusal(session: Session, started: NotStarted, asked: RunId | undefined, options: ActOptions): Exit {
  const notice = noticeOfStart(started, asked)
  const text = notice === undefined ? started.kind : session.notice(notice)
  const bad = badInputs.includes(started.kind)
  if (options.json === true) {
    const outcome = { kind: bad ? 'bad_input' : 'refused', reason: started.kind, detail: { ...notice } }
    process.stdout.write(`${JSON.stringify({ run: null, outcome, plan: null, steps: [] })}\n`)
  }
  return new Exit(bad ? exitCodes.badInput : exitCodes.refused, text)
}

/** @throws Exit with 2 for a word that is no run */
export function runIdOf(session: Session, word: string): RunId {
  const id = readRunId(word)
  if (id === undefined) throw new Exit(exitCodes.badInput, session.words.badRun(word))
  return id
}
