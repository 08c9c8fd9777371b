import { peopleWith } from '../catalog/people.ts'
import { operationsByName } from '../operations/index.ts'
import { type Previewed, previewRun } from '../operations/preview.ts'
import type { RunRow } from '../store/types.ts'
import { type Ending, exitCodes, exitOf } from './exit.ts'
import { notStarted } from './not-started.ts'
import { targetName } from './report.ts'
import { outcomeText, planText } from './screen/tell.ts'
import type { Session } from './types.ts'

type Shown = Extract<Previewed, { kind: 'previewed' }>

/** `--plan`: what a run would do, without a run: nothing is written and nobody is told. */
export async function preview(
  session: Session,
  request: { readonly operation: string; readonly params: unknown },
): Promise<Ending> {
  const { services, person } = session
  const shown = await previewRun({ services, operations: operationsByName }, request, person)
  if (shown.kind !== 'previewed') throw notStarted(session, shown)
  const { decision } = shown
  if (decision.kind === 'proceed') {
    const text = planText(session, shown.operation, decision.plan, session.io.out)
    return { code: exitCodes.ok, text: `${text}\n${footing(session, shown)}`, answer: answerOf(session, shown) }
  }
  const kind = decision.kind === 'refuse' ? 'refused' : 'nothing_to_do'
  return {
    code: exitOf(kind),
    text: outcomeText(session, asRun(session, shown, kind), session.io.out),
    answer: answerOf(session, shown),
  }
}

/** Who could confirm it, who works on it now, and that this was no request. */
function footing(session: Session, { rule, held, decision }: Shown): string {
  const { words, services, person } = session
  const who = peopleWith(services.catalog, rule.by).filter((name) => rule.approvals === 1 || name !== person.name)
  const people = who.length === 0 ? words.nobody : who.join(', ')
  const lines = [
    held === undefined ? undefined : words.planHeld(held.runId, held.actor.name),
    rule.approvals === 2 ? words.needsOther(people) : who.includes(person.name) ? undefined : words.needsRole(people),
    decision.kind === 'proceed' ? words.planOnly : undefined,
  ]
  return lines.filter((line) => line !== undefined).join('\n')
}

function answerOf(session: Session, shown: Shown): object {
  const { operation, params, subject, decision, planHash, held, steps } = shown
  const plan = decision.kind === 'proceed' ? operationsByName.get(operation)?.view(params, decision.plan) : undefined
  const outcome =
    decision.kind === 'proceed'
      ? null
      : {
          kind: decision.kind === 'refuse' ? 'refused' : decision.kind,
          reason: decision.reason,
          detail: decision.detail,
        }
  return {
    run: null,
    operation,
    target: targetName(session.services.catalog, subject),
    state: 'previewed',
    outcome,
    plan: plan === undefined ? null : { hash: planHash, expiresAt: null, ...plan },
    steps: plan === undefined ? [] : steps.map((name) => ({ name, state: 'pending', startedAt: null, endedAt: null })),
    heldBy: held === undefined ? null : { run: held.runId, by: held.actor.name },
  }
}

/** The texts of outcomes are made from runs; this one was never written down. */
function asRun(
  session: Session,
  { operation, params, subject, target, decision }: Shown,
  kind: 'refused' | 'nothing_to_do',
): RunRow {
  if (decision.kind === 'proceed') throw new Error('a plan is no outcome')
  const { reason, detail } = decision
  return {
    id: 'R-',
    operation,
    risk: '',
    target,
    subject,
    params,
    actor: session.actor,
    origin: { surface: 'cli', language: session.language },
    state: 'ended',
    plan: undefined,
    planHash: undefined,
    planExpiresAt: undefined,
    outcome: { kind, reason, detail },
    undoOf: undefined,
    undoneBy: undefined,
    incidentId: undefined,
    stopRequestedBy: undefined,
    confirmedBy: undefined,
    createdAt: new Date(),
    confirmedAt: undefined,
    startedAt: undefined,
    endedAt: undefined,
  }
}
