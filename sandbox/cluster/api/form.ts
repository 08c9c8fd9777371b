import type { KubeObject } from '../json.ts'
import type { Entry } from '../store/store.ts'
import { type IncludeObject, partial, tableOf } from '../table/table.ts'
import type { Call } from './call.ts'
import type { Listed } from './read.ts'
import type { Place } from './request.ts'
import type { Render } from './watch.ts'

/** An answer whose body is JSON already. */
export type Answer = { readonly status: number; readonly json: string }

type Wish = Pick<Call, 'accept' | 'query' | 'place'>

export function answer(status: number, body: object): Answer {
  return { status, json: JSON.stringify(body) }
}

/** How the client wants objects written: whole, as a table for people, their metadata alone. */
export function wants(accept: string): 'table' | 'partial' | 'object' {
  if (accept.includes('as=Table')) return 'table'
  return accept.includes('as=PartialObjectMetadata') ? 'partial' : 'object'
}

function includeOf(query: URLSearchParams): IncludeObject {
  const wanted = query.get('includeObject')
  return wanted === 'Object' || wanted === 'None' ? wanted : 'Metadata'
}

/** One object in the form that the client wants. */
export function shown({ accept, query, place }: Wish, object: KubeObject): object {
  const form = wants(accept)
  if (form === 'table')
    return tableOf(place.type, [object], { resourceVersion: object.metadata.resourceVersion }, includeOf(query))
  return form === 'partial' ? partial(object) : object
}

/** A list in the form that the client wants. */
export function shownList({ accept, query, place }: Wish, { entries, metadata }: Listed): Answer {
  const form = wants(accept)
  const objects = () => entries.map((entry) => entry.object)
  if (form === 'table') return answer(200, tableOf(place.type, objects(), metadata, includeOf(query)))
  if (form === 'object') return { status: 200, json: listJson(place, entries, metadata) }
  const items = objects().map((object) => ({ metadata: object.metadata }))
  return answer(200, { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items })
}

/** Put together from texts that are kept: a list of 10,000 pods is not written anew. */
export function listJson({ type }: Place, entries: readonly Entry[], metadata: object): string {
  const items = entries.map((entry) => entry.itemJson()).join(',')
  return `{"kind":"${type.kind}List","apiVersion":"${type.apiVersion}","metadata":${JSON.stringify(metadata)},"items":[${items}]}`
}

/** How the objects of a watch are written. */
export function renderOf({ accept, query, place }: Wish): Render {
  const form = wants(accept)
  if (form === 'partial') return (entry) => JSON.stringify(partial(entry.object))
  if (form === 'object') return (entry) => entry.json()
  let first = true
  return (entry) => {
    const metadata = { resourceVersion: entry.object.metadata.resourceVersion }
    const table = tableOf(place.type, [entry.object], metadata, includeOf(query), first)
    first = false
    return JSON.stringify(table)
  }
}
