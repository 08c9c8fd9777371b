import { hasRole, type Person } from '../catalog/people.ts'
import type { Catalog, Risk, Role } from '../catalog/schema.ts'
import { roles } from '../catalog/schema.ts'
import type { ConfigFault } from '../config/faults.ts'

/** What a decision on a run needs: how many different people, and which role the confirming one must hold. */
export type Rule = {
  readonly approvals: 1 | 2
  readonly by: Role
  /** A written reason is required from the person who starts it. */
  readonly reason: boolean
  readonly from: 'default' | 'catalog'
  readonly loosened: boolean
}

/** Defaults of the classes of risk (docs/decisions tells why). */
const defaults: Record<Risk, Omit<Rule, 'from' | 'loosened'>> = {
  look: { approvals: 1, by: 'viewer', reason: false },
  reversible: { approvals: 1, by: 'operator', reason: false },
  destructive: { approvals: 2, by: 'approver', reason: false },
  'break-glass': { approvals: 1, by: 'operator', reason: true },
}

export type RuleQuery = {
  readonly operation: string
  readonly risk: Risk
  readonly environment: string | undefined
  /** The catalog's name of the app, database or monitor. */
  readonly subject: string
}

/** The strictest rule that applies; a looser one only where the catalog says `loosens: true`. Pure. */
export function ruleFor(catalog: Catalog, query: RuleQuery): Rule {
  const { reason } = defaults[query.risk]
  let { approvals, by } = defaults[query.risk]
  let from: Rule['from'] = 'default'
  let loosened = false
  for (const policy of catalog.policies.filter((line) => applies(line, query))) {
    from = 'catalog'
    loosened ||= policy.loosens
    if (policy.loosens || policy.approvals === 2) approvals = policy.approvals
    if (policy.loosens || roles.indexOf(policy.by) > roles.indexOf(by)) by = policy.by
  }
  return { approvals, by, reason, from, loosened }
}

function applies(policy: Catalog['policies'][number], query: RuleQuery): boolean {
  return (
    policy.operation === query.operation &&
    (policy.environment === undefined || policy.environment === query.environment) &&
    (policy.target === undefined || policy.target === query.subject)
  )
}

export type DecisionCheck =
  | { readonly kind: 'may' }
  | { readonly kind: 'role'; readonly needed: Role }
  | { readonly kind: 'own_request' }

/** May this person confirm this run now? Asked at the moment of the click. Pure. */
export function mayConfirm(rule: Rule, person: Person, requester: string): DecisionCheck {
  if (!hasRole(person.role, rule.by)) return { kind: 'role', needed: rule.by }
  if (rule.approvals === 2 && person.name === requester) return { kind: 'own_request' }
  return { kind: 'may' }
}

/** The least role that may start an operation: it is the operators who plan; confirming may need more. */
export const mayStart: Role = 'operator'

/** Policies that name an unknown operation, or go below a default without saying so, are faults of the catalog. */
export function checkPolicies(catalog: Catalog, operations: ReadonlyMap<string, Risk>): ConfigFault[] {
  return catalog.policies.flatMap((policy, index) => {
    const where = 'catalog'
    const risk = operations.get(policy.operation)
    if (risk === undefined)
      return [
        {
          where,
          field: `policies.${index}.operation`,
          problem: `no operation is called "${policy.operation}" (there are: ${[...operations.keys()].join(', ')})`,
        },
      ]
    const standard = defaults[risk]
    const looser = policy.approvals < standard.approvals || roles.indexOf(policy.by) < roles.indexOf(standard.by)
    if (looser && !policy.loosens)
      return [
        {
          where,
          field: `policies.${index}`,
          problem: `is looser than the default of "${risk}" (${standard.approvals} by ${standard.by}); write loosens: true to mean it`,
        },
      ]
    return []
  })
}
