import { applyJsonPatch } from '../patch/json-patch.ts'
import { applyMergePatch } from '../patch/merge-patch.ts'
import { methodNotAllowed, success, unknownRoute } from '../status.ts'
import { keyOf } from '../store/store.ts'
import { bodyOf, type Call, referenceOf, writeOptions } from './call.ts'
import { type Answer, answer, listJson, shown, shownList, wants } from './form.ts'
import { patch } from './patch-call.ts'
import { checkVersion, list } from './read.ts'
import type { Registry } from './registry.ts'
import { review } from './reviews.ts'
import { bind, evict, readDeleteOptions, scaleOf, writeScale } from './subresources.ts'

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
  if (place.name === undefined) return shownList(call, list(registry.store, place, query))
  checkVersion(registry.store, query)
  const object = registry.get(place.type, referenceOf(place))
  if (wants(call.accept) !== 'object') return answer(200, shown(call, object))
  const kept = registry.store.get(place.type.resource, keyOf(place.namespace, place.name))
  return kept === undefined ? answer(200, object) : { status: 200, json: kept.json() }
}

/** What the real server answers with when it deletes at once: most kinds with a Status, these with themselves. */
const shownWhenGone = new Set(['pods', 'services', 'serviceaccounts', 'persistentvolumeclaims'])

function remove(registry: Registry, call: Call): Answer {
  const { place, query } = call
  const hasBody = call.body.length > 0 && !call.contentType.includes('protobuf')
  const options = { ...readDeleteOptions(hasBody ? bodyOf(call) : undefined), ...readDeleteOptions(fromQuery(query)) }
  if (place.name === undefined) {
    const { entries, metadata } = list(registry.store, place, query)
    for (const { object } of entries) registry.delete(place.type, object.metadata, options)
    return { status: 200, json: listJson(place, entries, metadata) }
  }
  const { object, gone } = registry.delete(place.type, referenceOf(place), options)
  if (!gone || shownWhenGone.has(place.type.resource)) return answer(200, shown(call, object))
  const { group, resource } = place.type
  const details = { name: place.name, ...(group === '' ? {} : { group }), kind: resource, uid: object.metadata.uid }
  const { code: _code, ...status } = success(200, details)
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
