import type { Query } from './exchange.ts'
import type { RawObject } from './json.ts'

export type Limits = { readonly timeoutMs?: number; readonly maxBytes?: number; readonly signal?: AbortSignal }
export type GetOptions = Limits & {
  /** Only `metadata`: the contents of a Secret are never fetched. */
  readonly metadataOnly?: boolean
}
export type RawList = { readonly items: readonly RawObject[]; readonly resourceVersion: string }
export type WatchEvent = { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; readonly object: RawObject }
export type WatchOptions = {
  readonly signal: AbortSignal /** Silence after which the connection counts as dead. */
  readonly idleMs?: number
}
export type PatchType = 'json' | 'merge' | 'strategic'
export type Impersonated = { readonly user: string; readonly groups: readonly string[] }

/**
 * A cluster's API as raw JSON. Every call has a time and a size limit and throws a KubernetesError; reading calls are
 * repeated once when a connection breaks, writing ones never.
 */
export type ClusterClient = {
  readonly server: string
  get(path: string, query?: Query, options?: GetOptions): Promise<RawObject>
  /** All pages. */
  list(path: string, query?: Query, options?: GetOptions): Promise<RawList>
  /** Page by page, so that a large list is never held whole; gives the list's resourceVersion. */
  pages(
    path: string,
    query: Query,
    onPage: (items: readonly RawObject[]) => void,
    options?: GetOptions,
  ): Promise<string>
  patch(path: string, body: unknown, type: PatchType, options?: Limits): Promise<RawObject>
  post(path: string, body: unknown, options?: Limits): Promise<RawObject>
  delete(path: string, body?: unknown, options?: Limits): Promise<RawObject>
  text(path: string, query?: Query, options?: Limits): Promise<string>
  /** Ends when the server ends it. @throws KubernetesError, also for an ERROR event such as 410 Expired */
  watch(path: string, query: Query, onEvent: (event: WatchEvent) => void, options: WatchOptions): Promise<void>
  /** The same connections, acting as this person. */
  as(person: Impersonated): ClusterClient
  /** Requests sent so far, retries included; shared with the clients made by `as`. */
  calls(): number
  close(): Promise<void>
}
