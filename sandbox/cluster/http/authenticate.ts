import type { IncomingMessage } from 'node:http'
import { type Attributes, allows, denied, type Identity } from '../api/access.ts'
import { failure } from '../status.ts'
import type { Store } from '../store/store.ts'

/** Who may come in, by bearer token; tests add to it. */
export type Tokens = Map<string, Identity>

export type Authenticated = {
  readonly identity: Identity
  readonly real: Identity
  readonly impersonated: Identity | undefined
}

/**
 * Who asks. An Impersonate-User header makes the request that user's, when the real one may impersonate. Without the right
 * to impersonate the user, the refusal speaks of the request: it could be allowed alone (constrained impersonation).
 * @param what the request is for
 * @throws ApiError 401 for an unknown token, 403 without the right to impersonate
 */
export function authenticate(tokens: Tokens, store: Store, request: IncomingMessage, what: Attributes): Authenticated {
  const real = identityOf(tokens, request.headers.authorization)
  const user = request.headers['impersonate-user']
  if (typeof user !== 'string') return { identity: real, real, impersonated: undefined }
  const groups = listOf(request.headersDistinct['impersonate-group'])
  if (!allows(store, real, impersonating('users', user)))
    throw denied(real, { ...what, verb: `impersonate-on:user-info:${what.verb}` })
  for (const group of groups)
    if (!allows(store, real, impersonating('groups', group))) throw denied(real, impersonating('groups', group))
  const known = [...tokens.values()].find((one) => one.user === user)
  const impersonated = {
    user,
    groups: [...groups, 'system:authenticated'],
    ...(known?.rules === undefined ? {} : { rules: known.rules }),
  }
  return { identity: impersonated, real, impersonated }
}

function identityOf(tokens: Tokens, header: string | undefined): Identity {
  if (header === undefined) return { user: 'system:anonymous', groups: ['system:unauthenticated'] }
  const found = tokens.get(header.replace(/^Bearer /i, ''))
  if (found === undefined) throw failure(401, 'Unauthorized', 'Unauthorized')
  return found.groups.includes('system:authenticated')
    ? found
    : { ...found, groups: [...found.groups, 'system:authenticated'] }
}

function impersonating(resource: string, name: string): Attributes {
  return { verb: 'impersonate', group: '', resource, name }
}

function listOf(values: readonly string[] | undefined): string[] {
  return [...(values ?? [])]
}
