import type { Person } from '../catalog/people.ts'
import type { Role } from '../catalog/schema.ts'
import { holdOf } from '../store/holds.ts'
import type { HoldRow } from '../store/types.ts'
import type { Desk } from './desk.ts'
import { mayLook } from './look.ts'
import { type Rule, ruleFor } from './policy.ts'
import { fingerprintHash } from './run/hash.ts'
import { readAndDecide } from './run/plan.ts'
import { checkInput, environmentOf, type Input } from './start.ts'
import type { Decision } from './types.ts'

export type Previewed =
  | {
      readonly kind: 'previewed'
      readonly operation: string
      readonly params: unknown
      readonly subject: { readonly kind: string; readonly name: string }
      readonly target: string
      readonly decision: Decision<unknown>
      /** What a button would carry; undefined without a plan. */
      readonly planHash: string | undefined
      readonly steps: readonly string[]
      /** What confirming it would take. */
      readonly rule: Rule
      /** The run that works on the target now. */
      readonly held: HoldRow | undefined
    }
  | { readonly kind: 'denied'; readonly needed: Role; readonly who: readonly string[] }
  | Exclude<Input, { kind: 'ok' }>

/**
 * Plans without a run: reads the facts, decides, and writes nothing anywhere. Whoever may look may ask for it.
 * @throws Error on an operation that is not registered
 */
export async function previewRun(
  { services, operations }: Pick<Desk, 'services' | 'operations'>,
  request: { readonly operation: string; readonly params: unknown },
  person: Person,
): Promise<Previewed> {
  const operation = operations.get(request.operation)
  if (operation === undefined) throw new Error(`no operation is called "${request.operation}"`)
  const { catalog, db } = services
  const denied = mayLook(catalog, person)
  if (denied !== undefined) return { kind: 'denied', ...denied }
  const input = checkInput(catalog, operation, request.params)
  if (input.kind !== 'ok') return input
  const { params, subject, risk, target } = input
  const [{ decision }, held] = await Promise.all([readAndDecide(services, operation, params), holdOf(db, target)])
  return {
    kind: 'previewed',
    operation: operation.name,
    params,
    subject,
    target,
    decision,
    planHash: decision.kind === 'proceed' ? fingerprintHash(operation, decision.plan) : undefined,
    steps: operation.steps,
    rule: ruleFor(catalog, {
      operation: operation.name,
      risk,
      environment: environmentOf(catalog, subject),
      subject: subject.name,
    }),
    held,
  }
}
