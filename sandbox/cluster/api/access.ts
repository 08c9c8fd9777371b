import { arrayAt, isObject, objectAt, stringAt } from '../json.ts'
import { type ApiError, failure, forbidden } from '../status.ts'
import type { Store } from '../store/store.ts'

export type Rule = {
  readonly verbs: readonly string[]
  readonly apiGroups?: readonly string[]
  /** `pods`, `pods/log`, `*`. */
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly nonResourceURLs?: readonly string[]
  /** Only in these namespaces; absent: everywhere. */
  readonly namespaces?: readonly string[]
}

/** Whom a bearer token is. Without `rules` the cluster's own roles decide. */
export type Identity = { readonly user: string; readonly groups: readonly string[]; readonly rules?: readonly Rule[] }

export type Attributes = {
  readonly verb: string
  readonly group?: string
  readonly resource?: string
  readonly subresource?: string | undefined
  readonly namespace?: string | undefined
  readonly name?: string | undefined
  readonly path?: string
}

/** What everybody may ask, as `system:discovery` and `system:basic-user` allow. */
const everybody: readonly Rule[] = [
  {
    verbs: ['get'],
    nonResourceURLs: [
      '/api',
      '/api/*',
      '/apis',
      '/apis/*',
      '/healthz',
      '/livez',
      '/readyz',
      '/openapi',
      '/openapi/*',
      '/version',
      '/version/',
    ],
  },
  {
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  },
  { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
]

/** Whether somebody may do something: their own rules, and the cluster's roles and bindings. */
export function allows(store: Store, who: Identity, what: Attributes): boolean {
  if (who.groups.includes('system:masters')) return true
  return rulesOf(store, who, what.namespace).some((rule) => matches(rule, what))
}

export function rulesOf(store: Store, who: Identity, namespace: string | undefined): readonly Rule[] {
  const cluster = store.list('clusterrolebindings').filter((entry) => binds(entry.object, who))
  const local =
    namespace === undefined ? [] : store.list('rolebindings', namespace).filter((entry) => binds(entry.object, who))
  return [
    ...everybody,
    ...(who.rules ?? []),
    ...[...cluster, ...local].flatMap((entry) => rulesOfRole(store, entry.object, namespace)),
  ]
}

function binds(binding: unknown, who: Identity): boolean {
  return arrayAt(binding, 'subjects').some((subject) => {
    const name = stringAt(subject, 'name')
    const kind = stringAt(subject, 'kind')
    if (kind === 'User') return name === who.user
    if (kind === 'Group') return name !== undefined && who.groups.includes(name)
    return who.user === `system:serviceaccount:${stringAt(subject, 'namespace')}:${name}`
  })
}

function rulesOfRole(store: Store, binding: unknown, namespace: string | undefined): Rule[] {
  const reference = objectAt(binding, 'roleRef')
  const name = stringAt(reference, 'name') ?? ''
  const role =
    reference?.['kind'] === 'Role' ? store.get('roles', `${namespace}/${name}`) : store.get('clusterroles', name)
  return arrayAt(role?.object, 'rules')
    .filter(isObject)
    .map((rule) => ({
      verbs: arrayAt(rule, 'verbs').map(String),
      apiGroups: arrayAt(rule, 'apiGroups').map(String),
      resources: arrayAt(rule, 'resources').map(String),
      resourceNames: arrayAt(rule, 'resourceNames').map(String),
      nonResourceURLs: arrayAt(rule, 'nonResourceURLs').map(String),
    }))
}

function matches(rule: Rule, what: Attributes): boolean {
  if (!holds(rule.verbs, what.verb)) return false
  if (what.path !== undefined)
    return (rule.nonResourceURLs ?? []).some(
      (url) => url === '*' || url === what.path || (url.endsWith('*') && what.path?.startsWith(url.slice(0, -1))),
    )
  if (rule.namespaces !== undefined && (what.namespace === undefined || !rule.namespaces.includes(what.namespace)))
    return false
  const full = what.subresource === undefined ? (what.resource ?? '') : `${what.resource}/${what.subresource}`
  const resources = rule.resources ?? []
  const named =
    resources.includes('*') ||
    resources.includes(full) ||
    (what.subresource !== undefined && resources.includes(`*/${what.subresource}`))
  if (!named || !holds(rule.apiGroups ?? ['*'], what.group ?? '')) return false
  const names = rule.resourceNames ?? []
  return names.length === 0 || (what.name !== undefined && names.includes(what.name))
}

function holds(list: readonly string[], wanted: string): boolean {
  return list.includes('*') || list.includes(wanted)
}

/** The 403 in the words of the RBAC authorizer. */
export function denied(who: Identity, what: Attributes): ApiError {
  if (what.path !== undefined)
    return failure(
      403,
      'Forbidden',
      `forbidden: User ${JSON.stringify(who.user)} cannot ${what.verb} path ${JSON.stringify(what.path)}`,
      {},
    )
  const full = what.subresource === undefined ? what.resource : `${what.resource}/${what.subresource}`
  const where =
    what.namespace === undefined ? 'at the cluster scope' : `in the namespace ${JSON.stringify(what.namespace)}`
  const target = {
    group: what.group ?? '',
    resource: what.resource ?? '',
    ...(what.name === undefined ? {} : { name: what.name }),
  }
  return forbidden(
    target,
    `User ${JSON.stringify(who.user)} cannot ${what.verb} resource ${JSON.stringify(full)} in API group ${JSON.stringify(what.group ?? '')} ${where}`,
  )
}
