import { describe, expect, it } from 'vitest'
import { errorFromStatus } from '../../src/services/kubernetes/api/errors.ts'
import { rightsToAct, rightsToLook, rightsToLookAtNodes } from '../../src/services/kubernetes/rights/rights.ts'
import { grantedBy, type Triple } from '../real/rights/roles.ts'

const everything = { kinds: ['deployment', 'statefulset', 'daemonset'], routes: ['service', 'ingress'] } as const
const named = (rights: readonly Triple[]): string[] =>
  [...new Set(rights.map(({ group, resource, verb }) => `${verb} ${resource} (${group})`))].sort()

describe('the roles of deploy/ and what the bot asks for', () => {
  it('the bot: no right is missing, and none is too much', () => {
    const asked = [...rightsToLook(everything), ...rightsToLookAtNodes, ...rightsToAct(everything)]
    expect(named(grantedBy('rescue.yaml', 'rescue'))).toEqual(named(asked))
  })

  it('people who are impersonated', () => {
    expect(named(grantedBy('rescue-person.yaml', 'rescue-person'))).toEqual(named(rightsToAct(everything)))
  })

  it('the bot for people, where impersonation is constrained', () => {
    const granted = grantedBy('rescue-impersonate-constrained.yaml', 'rescue-impersonate-constrained')
    const onBehalf = granted.flatMap((right) => {
      const [how, verb = ''] = right.verb.split(':user-info:')
      return how === 'impersonate-on' && right.resource !== 'selfsubjectaccessreviews' ? [{ ...right, verb }] : []
    })
    expect(named(onBehalf)).toEqual(named(rightsToAct(everything)))
  })
})

describe('a right that is missing is the one that the server names', () => {
  const asked = { verb: 'get', resource: 'deployments', path: '/apis/apps/v1/namespaces/a/deployments/b' }
  const denied = (message: string) => {
    const status = { kind: 'Status', code: 403, reason: 'Forbidden', message }
    const { verb, resource } = errorFromStatus(asked, 403, status, undefined)
    return `${verb} ${resource}`
  }
  // As kube-apiserver 1.36.3 says it; the third as servers before constrained impersonation do.
  it.each([
    [
      'get deployments',
      'deployments.apps "b" is forbidden: User "ana" cannot get resource "deployments" in API group "apps" in the namespace "a"',
    ],
    [
      'impersonate users',
      'deployments.apps "b" is forbidden: User "bot" cannot impersonate-on:user-info:get resource "deployments" in API group "apps" in the namespace "a"',
    ],
    [
      'impersonate users',
      'users "ana" is forbidden: User "bot" cannot impersonate resource "users" in API group "" at the cluster scope',
    ],
    [
      'impersonate groups',
      'groups.authentication.k8s.io "sre" is forbidden: User "bot" cannot impersonate:user-info resource "groups" in API group "authentication.k8s.io" at the cluster scope',
    ],
    ['get deployments', 'admission webhook "policy" denied the request'],
  ])('%s', (right, message) => {
    expect(denied(message)).toBe(right)
  })
})
