import { isObject, type KubeObject } from '../json.ts'
import { applyJsonPatch } from '../patch/json-patch.ts'
import { applyMergePatch } from '../patch/merge-patch.ts'
import { applyStrategicPatch, goText } from '../patch/strategic.ts'
import { rootDefinition } from '../schema/resources.ts'
import { failure, invalid } from '../status.ts'
import { bodyOf, type Call, jsonBody, referenceOf, writeOptions } from './call.ts'
import { type Answer, answer, shown } from './form.ts'
import type { Registry } from './registry.ts'
import { isTrue } from './request.ts'

/** Answers a PATCH by its content type. @throws ApiError */
export function patch(registry: Registry, call: Call): Answer {
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
