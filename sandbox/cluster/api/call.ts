import { parse } from 'yaml'
import { isObject, parseJson } from '../json.ts'
import { definitionOf } from '../schema/definitions.ts'
import { decodeProtobuf } from '../schema/protobuf.ts'
import { badRequest, invalid } from '../status.ts'
import type { Identity } from './access.ts'
import type { Caller, WriteOptions } from './context.ts'
import type { Reference } from './registry.ts'
import type { Place } from './request.ts'

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

/** The body of a patch. @throws ApiError 400 in the words of Go's decoder */
export function jsonBody(call: Call, goType: string, fits: (value: unknown) => boolean): unknown {
  const value = parseJson(call.body.toString('utf8'))
  if (value === undefined) throw badRequest('error decoding patch: unexpected end of JSON input')
  if (!fits(value))
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${Array.isArray(value) ? 'array' : isObject(value) ? 'object' : typeof value} into Go value of type ${goType}`,
    )
  return value
}

/** The body as an object, from JSON, YAML or protobuf. @throws ApiError 400 */
export function bodyOf(call: Call): unknown {
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

/** What the query says about a write. @throws ApiError 422 for a dryRun other than All */
export function writeOptions(call: Call): WriteOptions {
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

export function referenceOf(place: Place): Reference {
  return { namespace: place.namespace, name: place.name ?? '' }
}
