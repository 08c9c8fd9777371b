import type { Logger } from 'pino'
import type { ClusterAccess } from './access.ts'
import { hasStatus, isAway, KubernetesError } from './errors.ts'
import { askedOf, type Exchange, exchange, openStream } from './exchange.ts'
import { isRecord, listAt, type RawObject, textAt } from './json.ts'
import { readLines } from './lines.ts'
import { pause } from './pause.ts'
import type { ClusterClient, Impersonated, PatchType } from './types.ts'

const fieldManager = 'rescue'
const pageSize = 500
const readMs = 5_000
const listMs = 10_000
const writeMs = 10_000
const objectBytes = 8_000_000
const listBytes = 64_000_000
const metadata = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json'
const metadataList = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json'
const patchTypes: Record<PatchType, string> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
}

/** @param counter counts requests, shared with the clients made by `as` */
export function makeClient(
  access: ClusterAccess,
  counter: { sent: number },
  log: Logger,
  person: Impersonated | undefined,
): ClusterClient {
  const headers = person === undefined ? undefined : impersonation(person)

  const once = (wanted: Exchange): Promise<string> => {
    counter.sent += 1
    return exchange(access, { ...wanted, headers })
  }
  const read = async (wanted: Exchange): Promise<string> => {
    try {
      return await once(wanted)
    } catch (error) {
      if (!worthRepeating(error, wanted)) throw error
      log.debug({ path: wanted.path, err: error }, 'a reading call is repeated')
      await pause((error.retryAfterSeconds ?? 0) * 1000, wanted.signal)
      return once(wanted)
    }
  }
  const object = async (wanted: Exchange, reading: boolean): Promise<RawObject> => {
    const text = await (reading ? read(wanted) : once(wanted))
    return parseObject(text, wanted)
  }
  const pages: ClusterClient['pages'] = async (path, query, onPage, limits = {}) => {
    let token: string | undefined
    let version = ''
    do {
      const answer: RawObject = await object(
        {
          method: 'GET',
          path,
          query: { limit: pageSize, ...query, continue: token },
          timeoutMs: listMs,
          maxBytes: listBytes,
          accept: limits.metadataOnly === true ? metadataList : undefined,
          ...limits,
        },
        true,
      )
      onPage(listAt(answer, 'items').filter(isRecord))
      version = textAt(answer, 'metadata', 'resourceVersion') ?? version
      token = textAt(answer, 'metadata', 'continue') || undefined
    } while (token !== undefined)
    return version
  }

  return {
    server: access.server,
    get: (path, query, limits = {}) =>
      object(
        {
          method: 'GET',
          path,
          query,
          timeoutMs: readMs,
          maxBytes: objectBytes,
          accept: limits.metadataOnly === true ? metadata : undefined,
          ...limits,
        },
        true,
      ),
    pages,
    list: async (path, query = {}, limits = {}) => {
      const items: RawObject[] = []
      const resourceVersion = await pages(path, query, (page) => items.push(...page), limits)
      return { items, resourceVersion }
    },
    patch: (path, body, type, limits = {}) =>
      object(
        {
          method: 'PATCH',
          path,
          query: { fieldManager },
          body,
          contentType: patchTypes[type],
          timeoutMs: writeMs,
          maxBytes: objectBytes,
          ...limits,
        },
        false,
      ),
    post: (path, body, limits = {}) =>
      object(
        { method: 'POST', path, query: { fieldManager }, body, timeoutMs: writeMs, maxBytes: objectBytes, ...limits },
        false,
      ),
    delete: (path, body, limits = {}) =>
      object({ method: 'DELETE', path, body, timeoutMs: writeMs, maxBytes: objectBytes, ...limits }, false),
    text: (path, query, limits = {}) =>
      read({ method: 'GET', path, query, accept: '*/*', timeoutMs: readMs, maxBytes: objectBytes, ...limits }),
    watch: async (path, query, onEvent, { signal, idleMs = 90_000 }) => {
      counter.sent += 1
      const asked = askedOf({ method: 'GET', path }, true)
      const body = await openStream(access, {
        method: 'GET',
        path,
        query: { allowWatchBookmarks: true, ...query, watch: true },
        headers,
        timeoutMs: listMs,
        idleMs,
        signal,
      })
      await readLines(body, asked, signal, idleMs, onEvent)
    },
    as: (other) => makeClient(access, counter, log, other),
    calls: () => counter.sent,
    close: () => access.close(),
  }
}

/** Several groups are several header lines: the API server reads a comma as part of a name. */
function impersonation(person: Impersonated): Record<string, string | string[]> {
  if (person.groups.length === 0) return { 'Impersonate-User': person.user }
  return { 'Impersonate-User': person.user, 'Impersonate-Group': [...person.groups] }
}

/** A broken connection, an expired token or a server that asks for a moment: a reading call may simply be asked again. */
function worthRepeating(error: unknown, wanted: Exchange): error is KubernetesError {
  if (!(error instanceof KubernetesError) || wanted.signal?.aborted === true) return false
  if (hasStatus(error, 401)) return true
  if (hasStatus(error, 429)) return (error.retryAfterSeconds ?? 1) <= 2
  return isAway(error) && !error.message.startsWith('no answer within')
}

function parseObject(text: string, wanted: Exchange): RawObject {
  try {
    const value: unknown = JSON.parse(text)
    if (isRecord(value)) return value
  } catch {
    // Named below: a proxy's page or a cut answer.
  }
  throw new KubernetesError({
    ...askedOf(wanted, false),
    status: 0,
    reason: 'not_kubernetes',
    message: 'the answer is no JSON object; is this the address of a Kubernetes API server?',
  })
}
