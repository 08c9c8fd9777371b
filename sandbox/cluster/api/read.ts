import type { KubeObject } from '../json.ts'
import { badRequest, expired, failure, tooLargeVersion } from '../status.ts'
import { fieldSelector, type Labels, labelSelector } from '../store/selectors.ts'
import type { Entry, Store } from '../store/store.ts'
import type { Place } from './request.ts'

export type ListMeta = { resourceVersion: string; continue?: string; remainingItemCount?: number }
export type Listed = { readonly entries: readonly Entry[]; readonly metadata: ListMeta }
export type Filter = (object: KubeObject) => boolean

const noLabels: Labels = {}
const goneMessage =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.'

/** What the selectors of a request choose; undefined when it has none. @throws ApiError 400 */
export function filterOf(place: Place, query: URLSearchParams): Filter | undefined {
  const labels = labelSelector(query.get('labelSelector'))
  const fields = fieldSelector(query.get('fieldSelector'), place.type.resource)
  const name = place.name
  if (labels === undefined && fields === undefined && name === undefined) return undefined
  return (object) =>
    (labels?.(object.metadata.labels ?? noLabels) ?? true) &&
    (fields?.(object) ?? true) &&
    (name === undefined || object.metadata.name === name)
}

/** A version that a client names. @returns undefined when it names none */
export function wantedVersion(query: URLSearchParams): number | undefined {
  const text = query.get('resourceVersion')
  if (text === null || text === '') return undefined
  if (!/^[0-9]+$/.test(text))
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
    )
  return Number(text)
}

/** Lists with selectors, pages (a consistent snapshot while it is remembered) and versions. */
export function list(store: Store, place: Place, query: URLSearchParams): Listed {
  const filter = filterOf(place, query)
  const limit = Number(query.get('limit') ?? 0)
  const token = query.get('continue')
  const wanted = wantedVersion(query)
  if (wanted !== undefined && wanted > store.version()) throw tooLargeVersion(wanted, store.version())
  const exact = query.get('resourceVersionMatch') === 'Exact'
  const from = token === null || token === '' ? undefined : readToken(token)
  const version =
    from === undefined
      ? exact && wanted !== undefined
        ? wanted
        : store.version()
      : from.rv < 0
        ? store.version()
        : from.rv
  const all = store.listAt(place.type.resource, version, place.namespace)
  if (all === undefined) {
    if (from === undefined) throw expired(`The resourceVersion for the provided list is too old.`)
    throw expired(goneMessage, writeToken({ rv: -1, start: from.start }))
  }
  const chosen = all.filter(
    (entry) => (filter?.(entry.object) ?? true) && (from === undefined || entry.key > from.start),
  )
  if (!(limit > 0) || chosen.length <= limit) return { entries: chosen, metadata: { resourceVersion: String(version) } }
  const page = chosen.slice(0, limit)
  const left = filter === undefined ? { remainingItemCount: chosen.length - limit } : {}
  return {
    entries: page,
    metadata: {
      resourceVersion: String(version),
      continue: writeToken({ rv: version, start: page.at(-1)?.key ?? '' }),
      ...left,
    },
  }
}

type Token = { rv: number; start: string }

function writeToken(token: Token): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', ...token })).toString('base64url')
}

function readToken(text: string): Token {
  try {
    const token: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (
      typeof token === 'object' &&
      token !== null &&
      'rv' in token &&
      'start' in token &&
      typeof token.rv === 'number' &&
      typeof token.start === 'string'
    )
      return { rv: token.rv, start: token.start }
  } catch {
    // falls through: not a token of this server
  }
  throw badRequest(`invalid continue token: continue key is not valid`)
}

/** A read that must not be older than a version the server has not reached. */
export function checkVersion(store: Store, query: URLSearchParams): void {
  const wanted = wantedVersion(query)
  if (wanted !== undefined && wanted > store.version()) throw tooLargeVersion(wanted, store.version())
  if (query.get('sendInitialEvents') !== null && query.get('resourceVersionMatch') !== 'NotOlderThan')
    throw failure(
      422,
      'Invalid',
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      { group: 'meta.k8s.io', kind: 'ListOptions' },
    )
}
