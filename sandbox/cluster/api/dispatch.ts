import { parse } from 'yaml'
import { isObject, type KubeObject, parseJson } from '../json.ts'
import { applyJsonPatch } from '../patch/json-patch.ts'
import { applyMergePatch } from '../patch/merge-patch.ts'
import { applyStrategicPatch, goText } from '../patch/strategic.ts'
import { definitionOf } from '../schema/definitions.ts'
import { decodeProtobuf } from '../schema/protobuf.ts'
import { rootDefinition } from '../schema/resources.ts'
import { badRequest, failure, invalid, methodNotAllowed, success, unknownRoute } from '../status.ts'
import { keyOf } from '../store/store.ts'
import { type IncludeObject, partial, tableOf } from '../table/table.ts'
import type { Identity } from './access.ts'
import type { Caller, WriteOptions } from './context.ts'
import { checkVersion, list } from './read.ts'
import type { Reference, Registry } from './registry.ts'
import { isTrue, type Place } from './request.ts'
import { review } from './reviews.ts'
import { bind, evict, readDeleteOptions, scaleOf, writeScale } from './subresources.ts'
import type { Render } from './watch.ts'

export type Call = {
  readonly method: string
  readonly place: Place
  readonly query: URLSearchParams
  readonly accept: string
  readonly contentType: string
  readonly body: Buffer
  readonly identity: Identity
  readonly caller: Caller
  readonly backdate: boolean
  readonly warn: (text: string) => void
}

/** An answer whose body is JSON already. */
export type Answer = { readonly status: number; readonly json: string }

const reviews = new Set(['authorization.k8s.io', 'authentication.k8s.io'])

/** Answers a request for a resource (watches and logs apart). @throws ApiError */
export function dispatch(registry: Registry, call: Call): Answer {
  const { place, method } = call
  if (reviews.has(place.type.group)) {
    if (method !== 'POST') throw methodNotAllowed()
    return answer(201, review(registry.store, place.type.kind, place.type.apiVersion, bodyOf(call), call.identity))
  }
  if (place.subresource === 'scale') return scale(registry, call)
  if (place.subresource === 'binding' || place.subresource === 'eviction') return action(registry, call)
  if (method === 'GET' || method === 'HEAD') return read(registry, call)
  if (method === 'POST' && place.name === undefined)
    return answer(201, shown(call, registry.create(place.type, place.namespace, bodyOf(call), writeOptions(call))))
  if (method === 'DELETE') return remove(registry, call)
  if (place.name === undefined || (method !== 'PUT' && method !== 'PATCH')) throw methodNotAllowed()
  if (method === 'PUT')
    return answer(
      200,
      shown(call, registry.update(place.type, referenceOf(place), bodyOf(call), writeOptions(call), place.subresource)),
    )
  return patch(registry, call)
}

function read(registry: Registry, call: Call): Answer {
  const { place, query } = call
  if (place.name !== undefined) {
    checkVersion(registry.store, query)
    const object = registry.get(place.type, referenceOf(place))
    const entry =
      wants(call.accept) === 'object'
        ? registry.store.get(place.type.resource, keyOf(place.namespace, place.name))
        : undefined
    return entry === undefined ? answer(200, shown(call, object)) : { status: 200, json: entry.json() }
  }
  const { entries, metadata } = list(registry.store, place, query)
  const form = wants(call.accept)
  if (form === 'table')
    return answer(
      200,
      tableOf(
        place.type,
        entries.map((entry) => entry.object),
        metadata,
        includeOf(query),
      ),
    )
  if (form === 'partial')
    return answer(200, {
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      items: entries.map((entry) => ({ metadata: entry.object.metadata })),
    })
  return {
    status: 200,
    json: `{"kind":"${place.type.kind}List","apiVersion":"${place.type.apiVersion}","metadata":${JSON.stringify(metadata)},"items":[${entries.map((entry) => entry.itemJson()).join(',')}]}`,
  }
}

/** How the objects of a watch are written. */
export function renderOf(call: Pick<Call, 'accept' | 'query' | 'place'>): Render {
  const form = wants(call.accept)
  if (form === 'partial') return (entry) => JSON.stringify(partial(entry.object))
  if (form === 'object') return (entry) => entry.json()
  let first = true
  return (entry) => {
    const table = tableOf(
      call.place.type,
      [entry.object],
      { resourceVersion: entry.object.metadata.resourceVersion },
      includeOf(call.query),
      first,
    )
    first = false
    return JSON.stringify(table)
  }
}

function remove(registry: Registry, call: Call): Answer {
  const { place, query, body } = call
  const options = {
    ...readDeleteOptions(body.length === 0 || call.contentType.includes('protobuf') ? undefined : bodyOf(call)),
    ...readDeleteOptions(fromQuery(query)),
  }
  if (place.name === undefined) {
    const { entries, metadata } = list(registry.store, place, query)
    for (const entry of entries)
      registry.delete(
        place.type,
        { namespace: entry.object.metadata.namespace, name: entry.object.metadata.name },
        options,
      )
    return {
      status: 200,
      json: `{"kind":"${place.type.kind}List","apiVersion":"${place.type.apiVersion}","metadata":${JSON.stringify(metadata)},"items":[${entries.map((entry) => entry.itemJson()).join(',')}]}`,
    }
  }
  const { object, gone } = registry.delete(place.type, referenceOf(place), options)
  if (!gone || ['pods', 'services', 'serviceaccounts', 'persistentvolumeclaims'].includes(place.type.resource))
    return answer(200, shown(call, object))
  const { code: _code, ...status } = success(200, {
    name: place.name,
    ...(place.type.group === '' ? {} : { group: place.type.group }),
    kind: place.type.resource,
    uid: object.metadata.uid,
  })
  return answer(200, status)
}

function fromQuery(query: URLSearchParams): object {
  const grace = query.get('gracePeriodSeconds')
  return {
    ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(query.has('propagationPolicy') ? { propagationPolicy: query.get('propagationPolicy') } : {}),
    ...(query.get('dryRun') === 'All' ? { dryRun: ['All'] } : {}),
  }
}

function scale(registry: Registry, call: Call): Answer {
  const { place, method } = call
  if (place.name === undefined) throw unknownRoute()
  if (method === 'GET') return answer(200, scaleOf(registry.get(place.type, referenceOf(place))))
  const write = (change: (scale: object) => unknown) =>
    answer(200, writeScale(registry, place.type, referenceOf(place), change, writeOptions(call)))
  if (method === 'PUT') return write(() => bodyOf(call))
  if (method !== 'PATCH') throw methodNotAllowed()
  const wanted = bodyOf(call)
  return write((before) =>
    call.contentType === 'application/json-patch+json'
      ? applyJsonPatch(before, wanted)
      : applyMergePatch(before, wanted),
  )
}

function action(registry: Registry, call: Call): Answer {
  if (call.method !== 'POST') throw methodNotAllowed()
  const reference = referenceOf(call.place)
  const body = bodyOf(call)
  const status =
    call.place.subresource === 'binding'
      ? bind(registry, reference, body, writeOptions(call))
      : evict(registry, reference, body, {}, writeOptions(call))
  return answer(201, status)
}

function patch(registry: Registry, call: Call): Answer {
  const { place, contentType } = call
  const { type, subresource } = place
  const reference = referenceOf(place)
  const options = writeOptions(call)
  const change = (next: (before: KubeObject) => unknown, faulty: (after: unknown) => string) => {
    const refuse = (after: unknown, fault: string) => {
      const value = JSON.stringify(faulty(after))
      const message = `Invalid value: ${value}: ${fault}`
      const error = invalid('', '', '', [{ field: 'patch', reason: 'FieldValueInvalid', message }])
      error.status.details = { causes: error.status.details?.causes ?? [] }
      return error
    }
    return answer(200, shown(call, registry.change(type, reference, next, options, subresource, refuse)))
  }
  switch (contentType) {
    case 'application/json-patch+json': {
      const operations = jsonBody(call, '[]handlers.jsonPatchOp', Array.isArray)
      return change((before) => applyJsonPatch(before, operations), JSON.stringify)
    }
    case 'application/merge-patch+json': {
      const wanted = jsonBody(call, 'map[string]interface {}', isObject)
      return change((before) => applyMergePatch(before, wanted), JSON.stringify)
    }
    case 'application/strategic-merge-patch+json': {
      const wanted = jsonBody(call, 'map[string]interface {}', isObject)
      return change(
        (before) => applyStrategicPatch(before, wanted, rootDefinition(type)),
        () => goText(wanted),
      )
    }
    case 'application/apply-patch+yaml':
    case 'application/apply-patch+cbor': {
      if (options.fieldManager === undefined) throw required('fieldManager', 'is required for apply patch')
      const { object, created } = registry.apply(
        type,
        reference,
        bodyOf(call),
        { ...options, force: isTrue(call.query.get('force')) },
        subresource,
      )
      return answer(created ? 201 : 200, shown(call, object))
    }
    default:
      throw failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})
  }
}

function required(field: string, detail: string): Error {
  return invalid('PatchOptions', 'meta.k8s.io', '', [
    { field, reason: 'FieldValueRequired', message: `Required value: ${detail}` },
  ])
}

/** The body of a patch. @throws ApiError 400 in the words of Go's decoder */
function jsonBody(call: Call, goType: string, fits: (value: unknown) => boolean): unknown {
  const value = parseJson(call.body.toString('utf8'))
  if (value === undefined) throw badRequest('error decoding patch: unexpected end of JSON input')
  if (!fits(value))
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${Array.isArray(value) ? 'array' : isObject(value) ? 'object' : typeof value} into Go value of type ${goType}`,
    )
  return value
}

function bodyOf(call: Call): unknown {
  const value = decoded(call)
  if (value !== undefined) return value
  throw badRequest(
    `the object provided is unrecognized (must be of type ${call.place.type.kind}): couldn't get version/kind; json parse error: invalid JSON`,
  )
}

function decoded(call: Call): unknown {
  const { type, subresource } = call.place
  if (call.contentType === 'application/vnd.kubernetes.protobuf') {
    const kind =
      subresource === 'eviction'
        ? definitionOf('policy', 'v1', 'Eviction')
        : subresource === 'binding'
          ? definitionOf('', 'v1', 'Binding')
          : definitionOf(type.group, type.version, type.kind)
    return decodeProtobuf(call.body, kind)
  }
  const text = call.body.toString('utf8')
  return call.contentType.includes('yaml') ? yamlBody(text) : parseJson(text)
}

function yamlBody(text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    throw badRequest(`error decoding YAML: ${error instanceof Error ? error.message.split('\n')[0] : 'unreadable'}`)
  }
}

function writeOptions(call: Call): WriteOptions {
  const { query } = call
  const dryRun = query.get('dryRun')
  if (dryRun !== null && dryRun !== 'All')
    throw invalid('PatchOptions', 'meta.k8s.io', '', [
      {
        field: 'dryRun',
        reason: 'FieldValueNotSupported',
        message: `Unsupported value: ${JSON.stringify([dryRun])}: supported values: "All"`,
      },
    ])
  const validation = query.get('fieldValidation')
  const manager = query.get('fieldManager')
  return {
    caller: call.caller,
    warn: call.warn,
    fieldValidation: validation === 'Strict' || validation === 'Ignore' ? validation : 'Warn',
    ...(manager === null || manager === '' ? {} : { fieldManager: manager }),
    ...(dryRun === 'All' ? { dryRun: true } : {}),
    ...(call.backdate ? { backdate: true } : {}),
  }
}

function referenceOf(place: Place): Reference {
  return { namespace: place.namespace, name: place.name ?? '' }
}

function wants(accept: string): 'table' | 'partial' | 'object' {
  if (accept.includes('as=Table')) return 'table'
  return accept.includes('as=PartialObjectMetadata') ? 'partial' : 'object'
}

function includeOf(query: URLSearchParams): IncludeObject {
  const wanted = query.get('includeObject')
  return wanted === 'Object' || wanted === 'None' ? wanted : 'Metadata'
}

function shown(call: Call, object: KubeObject): object {
  const form = wants(call.accept)
  if (form === 'table')
    return tableOf(
      call.place.type,
      [object],
      { resourceVersion: object.metadata.resourceVersion },
      includeOf(call.query),
    )
  return form === 'partial' ? partial(object) : object
}

function answer(status: number, body: object): Answer {
  return { status, json: JSON.stringify(body) }
}
