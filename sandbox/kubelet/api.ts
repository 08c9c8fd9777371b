import { pino } from 'pino'
import { request } from 'undici'
import { openAccess } from '../../src/services/kubernetes/api/access.ts'
import { connectCluster } from '../../src/services/kubernetes/api/client.ts'
import { type Exchange, exchange, type Query, urlOf } from '../../src/services/kubernetes/api/exchange.ts'
import { isRecord, type RawObject } from '../../src/services/kubernetes/api/json.ts'
import type { ClusterClient } from '../../src/services/kubernetes/api/types.ts'

export type Write = {
  readonly method: 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  readonly query?: Query
  readonly patch?: 'json' | 'merge' | 'strategic' | 'apply'
  readonly headers?: Readonly<Record<string, string>>
}

/** An API server as its parts see it: read and watched through the project's own client, written under a name of its own. */
export type Api = {
  readonly client: ClusterClient
  /** @throws KubernetesError */
  write(wanted: Write): Promise<RawObject>
  /** Hands text over to an address that is no part of Kubernetes. @returns the HTTP status; throws when nobody answers */
  putText(path: string, text: string): Promise<number>
  close(): Promise<void>
}

const contentTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
}

/**
 * @param manager the name under which fields are owned, and the program of the user agent
 * @throws Error when the kubeconfig cannot be read
 */
export function connectApi(kubeconfig: string, manager: string): Api {
  const entry = { kubeconfig, impersonate: false }
  const client = connectCluster(entry, { log: pino({ level: 'silent' }) })
  const access = openAccess(entry, undefined)
  return {
    client,
    write: async ({ method, path, body, query, patch, headers }) => {
      const wanted: Exchange = {
        method,
        path,
        query: { ...(method === 'DELETE' ? {} : { fieldManager: manager }), ...query },
        ...(body === undefined ? {} : { body }),
        contentType: patch === undefined ? 'application/json' : contentTypes[patch],
        headers: { 'user-agent': `${manager}/v1.36.3`, ...headers },
        timeoutMs: 10_000,
        maxBytes: 8_000_000,
      }
      const answer: unknown = JSON.parse(await exchange(access, wanted))
      return isRecord(answer) ? answer : {}
    },
    putText: async (path, text) => {
      const [dispatcher, headers] = await Promise.all([access.dispatcher(), access.headers()])
      const answer = await request(urlOf(access.server, path), {
        method: 'PUT',
        dispatcher,
        headers: { ...headers, 'content-type': 'text/plain' },
        body: text,
      })
      await answer.body.dump()
      return answer.statusCode
    },
    close: async () => {
      await Promise.all([client.close(), access.close()])
    },
  }
}
