import { isObject, type JsonObject, objectAt, stringAt } from '../json.ts'
import type { Store } from '../store/store.ts'
import { timestamp } from '../time.ts'
import { type Attributes, allows, type Identity, rulesOf } from './access.ts'

/** Answers the review kinds, which are asked by POST and never stored. */
export function review(store: Store, kind: string, apiVersion: string, body: unknown, who: Identity): object {
  const spec = objectAt(body, 'spec') ?? {}
  const base = { kind, apiVersion, metadata: {}, spec }
  switch (kind) {
    case 'SelfSubjectAccessReview':
      return { ...base, status: { allowed: allows(store, who, attributesOf(spec)) } }
    case 'SubjectAccessReview':
      return {
        ...base,
        status: {
          allowed: allows(
            store,
            {
              user: stringAt(spec, 'user') ?? '',
              groups: Array.isArray(spec['groups']) ? spec['groups'].map(String) : [],
            },
            attributesOf(spec),
          ),
        },
      }
    case 'SelfSubjectRulesReview':
      return { ...base, spec: {}, status: { ...rules(store, who, stringAt(spec, 'namespace')), incomplete: false } }
    default:
      return {
        kind,
        apiVersion,
        metadata: { creationTimestamp: timestamp() },
        status: { userInfo: { username: who.user, groups: who.groups } },
      }
  }
}

function attributesOf(spec: JsonObject): Attributes {
  const path = objectAt(spec, 'nonResourceAttributes')
  if (path !== undefined) return { verb: stringAt(path, 'verb') ?? '', path: stringAt(path, 'path') ?? '' }
  const one = objectAt(spec, 'resourceAttributes')
  return {
    verb: stringAt(one, 'verb') ?? '',
    group: stringAt(one, 'group') ?? '',
    resource: stringAt(one, 'resource') ?? '',
    subresource: stringAt(one, 'subresource') || undefined,
    namespace: stringAt(one, 'namespace') || undefined,
    name: stringAt(one, 'name') || undefined,
  }
}

function rules(
  store: Store,
  who: Identity,
  namespace: string | undefined,
): { resourceRules: object[]; nonResourceRules: object[] } {
  const all = who.groups.includes('system:masters')
    ? [
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
        { verbs: ['*'], nonResourceURLs: ['*'] },
      ]
    : rulesOf(store, who, namespace).filter(
        (rule) => rule.namespaces === undefined || rule.namespaces.includes(namespace ?? ''),
      )
  const has = (rule: object, key: string) => isObject(rule) && Array.isArray(rule[key]) && rule[key].length > 0
  return {
    resourceRules: all
      .filter((rule) => has(rule, 'resources'))
      .map((rule) => ({ ...rule, namespaces: undefined, nonResourceURLs: undefined })),
    nonResourceRules: all
      .filter((rule) => has(rule, 'nonResourceURLs'))
      .map((rule) => ({ verbs: rule.verbs, nonResourceURLs: rule.nonResourceURLs })),
  }
}
