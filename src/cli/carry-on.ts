import { peopleWith } from '../catalog/people.ts'
import { cancel, confirm, ruleOf } from '../operations/decide.ts'
import { mayConfirm } from '../operations/policy.ts'
import { listSteps } from '../store/steps.ts'
import type { RunId, RunRow } from '../store/types.ts'
import { noticeOfDecision } from '../surface/notices.ts'
import { operationTexts } from '../texts/operation-texts.ts'
import { type Ending, Exit, exitCodes } from './exit.ts'
import { follow } from './follow.ts'
import { finished, leftBehind, mayLeave } from './leaving.ts'
import { refusalText } from './notices.ts'
import { reportOf } from './report.ts'
import { progressScreen } from './screen/io.ts'
import { typesNumber } from './screen/prompt.ts'
import { aboutText, planText } from './screen/tell.ts'
import { tellerFor } from './screen/tellers.ts'
import { clockOf } from './screen/times.ts'
import type { Session } from './types.ts'

export type ActOptions = {
  readonly plan?: boolean
  readonly yes?: boolean
  readonly wait?: boolean
  readonly follow?: boolean
}

type Options = ActOptions & {
  /** It was begun by this command, so whoever declines it may withdraw it. */
  readonly own: boolean
}

/** From a run that is being planned to its end, or to where others must decide. */
export async function carryOn(session: Session, id: RunId, options: Options): Promise<Ending> {
  const planned = await follow(session, id, { enough: (run) => run.state !== 'planning' })
  if (planned.kind === 'left') return leftBehind(session, planned.run)
  if (planned.run.state === 'ended') return finished(session, planned.run, planned.steps)
  const screen = progressScreen(session.io)
  if (!session.io.json || session.io.asks) showPlan(session, planned.run)
  const decided = await decide(session, planned.run, options)
  if (decided !== undefined) return decided
  return toTheEnd(session, id, options.follow === true || !session.io.json || screen.tty)
}

export function showPlan(session: Session, run: RunRow): void {
  const screen = progressScreen(session.io)
  const text = `${aboutText(session, run, screen)}\n${planText(session, run.operation, run.plan, screen)}`
  screen.write(`${text}\n\n`)
}

/** Follows a run until it has ended. @param told whether its steps are */
export async function toTheEnd(session: Session, id: RunId, told: boolean): Promise<Ending> {
  const over = await follow(session, id, {
    enough: (run) => run.state === 'ended',
    ...(told ? { teller: tellerFor(session, progressScreen(session.io)) } : {}),
    mayLeave: (run) => mayLeave(session, run),
  })
  return over.kind === 'left'
    ? leftBehind(session, over.run)
    : finished(
        session,
        over.run,
        over.steps,
        over.steps.some((step) => step.startedAt !== undefined),
      )
}

/** Undefined: it is confirmed, or others decide while this program waits. */
async function decide(session: Session, run: RunRow, options: Options): Promise<Ending | undefined> {
  if (run.state !== 'waiting') return undefined
  const { words, io, person, actor } = session
  const desk = await session.desk()
  const rule = ruleOf(desk, run)
  if (mayConfirm(rule, person, run.actor.name).kind !== 'may') {
    const others = peopleWith(desk.services.catalog, rule.by).filter((name) => name !== run.actor.name)
    const who = others.length === 0 ? words.nobody : others.join(', ')
    const why = rule.approvals === 2 ? words.needsOther(who) : words.needsRole(who)
    if (options.wait === false) return waiting(session, run, why)
    io.err.line(`${why}\n${words.waiting(run.id)}`)
    return undefined
  }
  if (options.yes !== true) {
    if (!io.asks) return waiting(session, run, words.noTerminal(run.id))
    const { text } = operationTexts(run.operation).plan(run.plan, session.look()).confirm
    const question = options.own ? words.ask(run.id) : words.askOthers(run.id)
    if (!(await typesNumber(session, run.id, `${text} ${question}`)))
      return options.own ? withdrawn(session, run) : waiting(session, run, words.notConfirmed(run.id))
    io.err.write('\n')
  }
  const decided = await confirm(desk, { run: run.id, planHash: run.planHash ?? '', person, actor, stays: true })
  if (decided.kind === 'confirmed' || decided.kind === 'too_late') {
    // Its own wake-up comes a moment later: too late for a program that Ctrl-C ends meanwhile.
    await desk.workflows.wake(run.id)
    return undefined
  }
  if (options.own) await cancel(desk, { run: run.id, person, actor })
  const notice = noticeOfDecision(decided, run.id)
  throw new Exit(exitCodes.refused, refusalText(session, notice), {
    ...reportOf(desk.services.catalog, run, []),
    outcome: { kind: 'refused', reason: decided.kind, detail: { ...notice } },
  })
}

async function withdrawn(session: Session, run: RunRow): Promise<Ending> {
  const desk = await session.desk()
  await cancel(desk, { run: run.id, person: session.person, actor: session.actor })
  const over = await follow(session, run.id, { enough: ({ state }) => state === 'ended', mayLeave: async () => true })
  const answer = reportOf(session.services.catalog, over.run, over.steps)
  return { code: exitCodes.notApproved, text: session.words.withdrawn(run.id), answer }
}

/** Nobody here can or will decide now. */
async function waiting(session: Session, run: RunRow, why: string): Promise<Ending> {
  const { words, services } = session
  const steps = await listSteps(services.db, run.id)
  const until = run.planExpiresAt === undefined ? '' : clockOf(run.planExpiresAt)
  const note = [why, words.waits(run.id, until), words.waitsHow(run.id)].join('\n')
  return { code: exitCodes.notApproved, note, answer: reportOf(services.catalog, run, steps) }
}
