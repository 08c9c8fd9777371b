import { hasRole, type Person, peopleWith } from '../catalog/people.ts'
import type { AppEntry, Catalog, Risk, Role } from '../catalog/schema.ts'
import { showRun, tellPerson } from '../delivery/enqueue.ts'
import { appendAudit } from '../store/audit.ts'
import { type Tx, transaction } from '../store/db.ts'
import { holdOf } from '../store/holds.ts'
import { lockInTransaction } from '../store/locks.ts'
import { createRun, findRunByKey, listRuns } from '../store/runs.ts'
import type { HoldRow, RunRow } from '../store/types.ts'
import type { Desk } from './desk.ts'
import { maskReason } from './mask-reason.ts'
import { mayStart } from './policy.ts'
import { samePlanWaiting } from './run/same-plan.ts'
import type { AnyOperation, StartRequest } from './types.ts'

/** How a request was answered; nothing but `started` has changed anything. */
export type Started =
  | {
      readonly kind: 'started'
      readonly run: RunRow
      /** Something in the reason looked like a secret and was not kept; whoever asked in Slack is told. */
      readonly masked?: true
    }
  /** Slack, or a pipeline, asked again with the same id. */
  | { readonly kind: 'again'; readonly run: RunRow }
  /** The same request already waits for a decision. */
  | { readonly kind: 'waiting_already'; readonly run: RunRow }
  | { readonly kind: 'held'; readonly by: HoldRow; readonly run: RunRow | undefined }
  | { readonly kind: 'denied'; readonly needed: Role; readonly who: readonly string[] }
  | {
      readonly kind: 'unknown_subject'
      readonly field: 'app' | 'database' | 'monitor' | 'cluster'
      readonly value: string
      readonly allowed: readonly string[]
    }
  | { readonly kind: 'bad_input'; readonly field: string; readonly value: string; readonly problem: string }
  | { readonly kind: 'reason_needed' }
  | { readonly kind: 'store_away' }

/**
 * The only way in: from a command, a modal, a button, the terminal, an alert or a watcher.
 * Idempotent by `request.idempotencyKey`.
 * @throws Error on an operation that is not registered (a fault of the program, not of the person)
 */
export async function startRun(desk: Desk, request: StartRequest, person: Person | undefined): Promise<Started> {
  const operation = desk.operations.get(request.operation)
  if (operation === undefined) throw new Error(`no operation is called "${request.operation}"`)
  const { db, catalog } = desk.services
  const before = await findRunByKey(db, request.idempotencyKey)
  if (before !== undefined) return again(desk, before)
  const denied = checkPerson(catalog, request, person)
  if (denied !== undefined) {
    await appendAudit(db, {
      kind: 'denied',
      actor: request.actor,
      data: { operation: request.operation, needed: denied.needed },
    })
    return denied
  }
  const input = checkInput(catalog, operation, request.params)
  if (input.kind !== 'ok') return input
  const { params, subject, risk, target } = input
  if (risk === 'break-glass' && !hasReason(params)) return { kind: 'reason_needed' }
  const held = await holdOf(db, target)
  if (held !== undefined)
    return {
      kind: 'held',
      by: held,
      run: (await listRuns(db, { target, states: ['confirmed', 'running'], limit: 1 }))[0],
    }
  const kept = maskReason(params)
  const checked = { operation: operation.name, params: kept.params, risk, target, subject }
  return create(desk, request, checked, kept.masked)
}

/** A retry must also finish what a crash interrupted: the run may exist without its workflow. */
async function again(desk: Desk, run: RunRow): Promise<Started> {
  if (run.state !== 'ended') await desk.workflows.start(run.id)
  return { kind: 'again', run }
}

type Checked = {
  readonly operation: string
  readonly params: unknown
  readonly risk: Risk
  readonly target: string
  readonly subject: { readonly kind: string; readonly name: string }
}

async function create(desk: Desk, request: StartRequest, checked: Checked, masked: boolean): Promise<Started> {
  const { run, created, twin } = await transaction(desk.services.db, async (tx) => {
    // Twenty equal requests at the same instant are one run: the others see it here.
    await lockInTransaction(tx, `request ${checked.target}`)
    const before = await findRunByKey(tx, request.idempotencyKey)
    if (before !== undefined) return { run: before, created: false, twin: false }
    const waiting = await samePlanWaiting(tx, checked.operation, checked.target, checked.params, request.actor.kind)
    if (waiting !== undefined) return { run: waiting, created: false, twin: true }
    const made = await createRun(tx, {
      ...checked,
      actor: request.actor,
      origin: request.origin,
      idempotencyKey: request.idempotencyKey,
      ...(request.undoOf === undefined ? {} : { undoOf: request.undoOf }),
    })
    if (made.created) {
      await appendAudit(tx, {
        kind: 'request',
        runId: made.run.id,
        actor: request.actor,
        data: { ...checked, surface: request.origin.surface },
      })
      await showRun(tx, made.run.id)
      if (masked) await tellMasked(tx, request, made.run.id)
    }
    return { ...made, twin: false }
  })
  if (twin) return { kind: 'waiting_already', run }
  const started = await desk.workflows.start(run.id)
  if (started.kind === 'store_away') return { kind: 'store_away' }
  return created ? { kind: 'started', run, ...(masked ? { masked } : {}) } : { kind: 'again', run }
}

/** In private: what they typed may still stand somewhere, and only they can change the secret itself. */
async function tellMasked(tx: Tx, { actor, origin }: StartRequest, run: RunRow['id']): Promise<void> {
  if (origin.surface !== 'slack' || actor.slack === undefined) return
  await tellPerson(tx, { user: actor.slack, notice: { kind: 'reason_masked', run }, key: `masked/${run}` })
}

function checkPerson(
  catalog: Catalog,
  request: StartRequest,
  person: Person | undefined,
): Extract<Started, { kind: 'denied' }> | undefined {
  if (request.actor.kind !== 'person') return undefined
  if (person !== undefined && hasRole(person.role, mayStart)) return undefined
  return { kind: 'denied', needed: mayStart, who: peopleWith(catalog, mayStart) }
}

export type Input =
  | {
      readonly kind: 'ok'
      readonly params: unknown
      readonly subject: Checked['subject']
      readonly risk: Risk
      readonly target: string
    }
  | Extract<Started, { kind: 'unknown_subject' | 'bad_input' }>

/** What was asked for, understood and found in the catalog; asks nothing of the world. */
export function checkInput(catalog: Catalog, operation: AnyOperation, given: unknown): Input {
  const params = operation.params.safeParse(given)
  if (!params.success) return badInput(params.error.issues[0])
  const subject = operation.subject(params.data)
  if (subject.kind === 'app' && !Object.hasOwn(catalog.apps, subject.name))
    return { kind: 'unknown_subject', field: 'app', value: subject.name, allowed: Object.keys(catalog.apps) }
  const allowed = operation.subjects?.(catalog)
  if (allowed !== undefined && !allowed.includes(subject.name))
    return { kind: 'unknown_subject', field: subject.kind, value: subject.name, allowed }
  const target = operation.target(params.data, catalog)
  return { kind: 'ok', params: params.data, subject, risk: riskOf(operation, params.data), target }
}

/** The class of risk of this request; some operations have a dangerous form. */
export function riskOf(operation: AnyOperation, params: unknown): Risk {
  return typeof operation.risk === 'function' ? operation.risk(params) : operation.risk
}

/** The environment that policies speak of. */
export function environmentOf(
  catalog: Catalog,
  subject: { readonly kind: string; readonly name: string },
): string | undefined {
  const app: AppEntry | undefined = subject.kind === 'app' ? catalog.apps[subject.name] : undefined
  return app?.environment ?? (subject.kind === 'database' ? catalog.databases[subject.name]?.environment : undefined)
}

function hasReason(params: unknown): boolean {
  return (
    typeof params === 'object' &&
    params !== null &&
    'reason' in params &&
    typeof params.reason === 'string' &&
    params.reason.trim() !== ''
  )
}

function badInput(
  issue: { path: PropertyKey[]; message: string; input?: unknown } | undefined,
): Extract<Started, { kind: 'bad_input' }> {
  const shown =
    typeof issue?.input === 'string' || typeof issue?.input === 'number' ? String(issue.input).slice(0, 80) : ''
  return {
    kind: 'bad_input',
    field: issue?.path.map(String).join('.') ?? '',
    value: shown,
    problem: issue?.message ?? '',
  }
}
