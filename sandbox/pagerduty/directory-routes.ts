import { type Answer, type Call, ok, restErrors } from './answers.ts'
import { names, policyId, serviceId } from './directory.ts'
import type { RestDeps } from './incident-routes.ts'
import { contactMethods, policyReference, serviceReference, userJson, userReference } from './json.ts'
import { listAnswer } from './paging.ts'

const includes = (call: Call, what: string) => call.query.getAll('include[]').includes(what)

/** GET /oncalls: `escalation_policy_ids[]`, `user_ids[]`, `earliest`, `include[]=users`. */
export function onCalls(call: Call, { directory, base }: RestDeps): Answer {
  const policies = call.query.getAll('escalation_policy_ids[]')
  const users = call.query.getAll('user_ids[]')
  const entries = directory.levels.flatMap((level, index) =>
    level.map((user) => ({
      user: includes(call, 'users') ? userJson(user, base, true) : userReference(user, base),
      escalation_policy: policyReference(base),
      escalation_level: index + 1,
      schedule: null,
      start: null,
      end: null,
    })),
  )
  const wanted = entries.filter(
    (one) =>
      (policies.length === 0 || policies.includes(one.escalation_policy.id)) &&
      (users.length === 0 || users.includes(one.user.id)),
  )
  return listAnswer('oncalls', wanted, call.query)
}

/** GET /users, /users/me, /users/ID, /users/ID/contact_methods. */
export function users(call: Call, id: string | undefined, rest: string | undefined, deps: RestDeps): Answer {
  const { directory, base } = deps
  const withContacts = includes(call, 'contact_methods')
  if (id === undefined) {
    const query = (call.query.get('query') ?? '').toLowerCase()
    const found = directory.users.filter((user) => `${user.name} ${user.email}`.toLowerCase().includes(query))
    return listAnswer(
      'users',
      found.map((user) => userJson(user, base, withContacts)),
      call.query,
    )
  }
  const user = directory.byId(id)
  if (!user) return restErrors.notFound()
  if (rest === undefined) return ok({ user: userJson(user, base, withContacts) })
  return rest === 'contact_methods' ? ok({ contact_methods: contactMethods(user) }) : restErrors.notFound()
}

/** GET /escalation_policies and one of them. */
export function escalationPolicies(call: Call, id: string | undefined, { directory, base }: RestDeps): Answer {
  const policy = {
    ...policyReference(base),
    type: 'escalation_policy',
    name: names.policy,
    num_loops: 0,
    escalation_rules: directory.levels.map((level, index) => ({
      id: `PRUL00${index + 1}`,
      escalation_delay_in_minutes: 30,
      targets: level.map((user) => userReference(user, base)),
    })),
    services: [serviceReference(base)],
    teams: [],
  }
  if (id === undefined) return listAnswer('escalation_policies', [policy], call.query)
  return id === policyId ? ok({ escalation_policy: policy }) : restErrors.notFound()
}

/** GET /services and one of them. */
export function services(call: Call, id: string | undefined, { incidents, base }: RestDeps): Answer {
  const open = incidents.all.filter((incident) => incident.status !== 'resolved')
  const service = {
    ...serviceReference(base),
    type: 'service',
    name: names.service,
    status: open.length > 0 ? 'critical' : 'active',
    escalation_policy: policyReference(base),
    integrations: [{ id: 'PINT001', type: 'events_api_v2_inbound_integration_reference', summary: 'Events API v2' }],
  }
  if (id === undefined) return listAnswer('services', [service], call.query)
  return id === serviceId ? ok({ service }) : restErrors.notFound()
}
