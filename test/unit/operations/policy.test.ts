import { describe, expect, it } from 'vitest'
import { personBySlack } from '../../../src/catalog/people.ts'
import { parseCatalog } from '../../../src/catalog/read.ts'
import { checkPolicies, mayConfirm, ruleFor } from '../../../src/operations/policy.ts'

const catalog = (policies: string) =>
  parseCatalog(
    `version: 1
people:
  ana: { slack: U0ANA, role: approver }
  marta: { slack: U0MARTA, role: operator }
  invitado: { slack: U0INV, role: viewer }
groups:
  sre: { slack: S0SRE, role: approver }
channels: { operations: C0OPS }
clusters: { main: {} }
apps: { web: { cluster: main, namespace: web, workload: deployment/web } }
policies: ${policies}
`,
    'rescue.yml',
  )

const query = { operation: 'rollback', risk: 'reversible', environment: 'production', subject: 'web' } as const

describe('who may confirm', () => {
  it('what is reversible: one operator, the requester too', () => {
    const rule = ruleFor(catalog('[]'), query)
    expect(mayConfirm(rule, personBySlack(catalog('[]'), 'U0MARTA'), 'marta')).toEqual({ kind: 'may' })
    expect(mayConfirm(rule, personBySlack(catalog('[]'), 'U0INV'), 'marta')).toEqual({
      kind: 'role',
      needed: 'operator',
    })
    expect(mayConfirm(rule, personBySlack(catalog('[]'), 'U0NOBODY'), 'marta')).toEqual({
      kind: 'role',
      needed: 'operator',
    })
  })

  it('what is destructive: a second person with the role of approver', () => {
    const all = catalog('[]')
    const rule = ruleFor(all, { ...query, risk: 'destructive' })
    expect(mayConfirm(rule, personBySlack(all, 'U0ANA'), 'marta')).toEqual({ kind: 'may' })
    expect(mayConfirm(rule, personBySlack(all, 'U0ANA'), 'ana')).toEqual({ kind: 'own_request' })
    expect(mayConfirm(rule, personBySlack(all, 'U0MARTA'), 'ana')).toEqual({ kind: 'role', needed: 'approver' })
  })

  it('a user group lends its role to its members', () => {
    const all = catalog('[]')
    expect(personBySlack(all, 'U0INV', ['S0SRE']).role).toBe('approver')
    expect(personBySlack(all, 'U0NEW', ['S0SRE'])).toMatchObject({ name: 'U0NEW', role: 'approver' })
  })

  it('the catalog makes it stricter where it says so, and only there', () => {
    const all = catalog('[{ operation: rollback, environment: production, approvals: 2, by: approver }]')
    expect(ruleFor(all, query)).toMatchObject({ approvals: 2, by: 'approver', from: 'catalog' })
    expect(ruleFor(all, { ...query, environment: 'staging' })).toMatchObject({
      approvals: 1,
      by: 'operator',
      from: 'default',
    })
  })

  it('a line that would loosen a default without saying so is a fault of the catalog', () => {
    const risks = new Map([['restore', 'destructive'] as const])
    expect(checkPolicies(catalog('[{ operation: restore, approvals: 1 }]'), risks)).toHaveLength(1)
    expect(checkPolicies(catalog('[{ operation: restore, approvals: 1, loosens: true }]'), risks)).toEqual([])
    expect(checkPolicies(catalog('[{ operation: explode, approvals: 2 }]'), risks)[0]?.problem).toContain('explode')
  })
})
