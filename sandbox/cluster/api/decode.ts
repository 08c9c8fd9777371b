import { isObject, type KubeObject } from '../json.ts'
import { applyDefaults } from '../rules/defaults.ts'
import { withStatus } from '../rules/prepare.ts'
import { admit } from '../schema/admit.ts'
import { type ResourceType, rootDefinition } from '../schema/resources.ts'
import { badRequest, failure } from '../status.ts'
import type { WriteOptions } from './context.ts'

/** How a fault of decoding is worded; a patch has words of its own. */
export type DecodeFault = (after: unknown, fault: string) => Error

/**
 * Reads an object as the server does: type errors and (when strict) unknown fields are refused, empty fields normalised, defaults filled in.
 * @throws ApiError 400
 */
export function decode(
  type: ResourceType,
  body: unknown,
  options: WriteOptions,
  keepUnknown: boolean,
  decodeFault?: DecodeFault,
): KubeObject {
  if (!isObject(body))
    throw badRequest(
      `the object provided is unrecognized (must be of type ${type.kind}): couldn't get version/kind; json parse error`,
    )
  const kind = body['kind'] ?? type.kind
  if (kind !== type.kind || (body['apiVersion'] ?? type.apiVersion) !== type.apiVersion)
    throw badRequest(
      `${String(kind)} in version ${JSON.stringify(versionOf(body['apiVersion'], type))} cannot be handled as a ${type.kind}: no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(body['apiVersion'] ?? type.apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
    )
  const read = admit({ ...body, kind: type.kind, apiVersion: type.apiVersion }, rootDefinition(type), keepUnknown)
  const fail = (fault: string) =>
    decodeFault?.(body, fault) ??
    badRequest(`${type.kind} in version ${JSON.stringify(type.version)} cannot be handled as a ${type.kind}: ${fault}`)
  if (read.mistyped !== undefined) throw fail(read.mistyped)
  if (read.unknown.length > 0) {
    const faults = read.unknown.map((path) => `unknown field ${JSON.stringify(path)}`)
    if (options.fieldValidation === 'Strict') throw fail(`strict decoding error: ${faults.join(', ')}`)
    if (options.fieldValidation !== 'Ignore') for (const fault of faults) options.warn?.(fault)
  }
  const object = read.value as KubeObject
  applyDefaults(object)
  return object
}

function versionOf(apiVersion: unknown, type: ResourceType): string {
  return typeof apiVersion === 'string' ? (apiVersion.split('/').at(-1) ?? '') : type.version
}

const empties = new Map<ResourceType, KubeObject>()

/** The object of zero values that a creation is compared with: only what was really set is owned. */
export function emptyOf(type: ResourceType): KubeObject {
  const known =
    empties.get(type) ??
    (admit({ kind: type.kind, apiVersion: type.apiVersion, metadata: {} }, rootDefinition(type), true)
      .value as KubeObject)
  empties.set(type, known)
  return known
}

/** Reads the configuration of a server-side apply. @throws ApiError 400 or 500, as the real server */
export function decodeConfig(
  type: ResourceType,
  config: unknown,
  place: { name: string; namespace?: string | undefined },
  options: WriteOptions,
  keepUnknown: boolean,
): Record<string, unknown> {
  if (!isObject(config) || config['kind'] === undefined || config['apiVersion'] === undefined)
    throw badRequest('invalid object type: /, Kind=')
  const metadata = {
    ...(isObject(config['metadata']) ? config['metadata'] : {}),
    name: place.name,
    ...(type.namespaced ? { namespace: place.namespace } : {}),
  }
  const wanted = { ...config, metadata }
  checkConfig(type, wanted, options, keepUnknown)
  return wanted
}

function checkConfig(type: ResourceType, config: unknown, options: WriteOptions, keepUnknown: boolean): void {
  const read = admit(config, rootDefinition(type), keepUnknown)
  if (isObject(config) && config['kind'] !== type.kind)
    throw badRequest(`${String(config['kind'])} cannot be handled as a ${type.kind}`)
  if (read.mistyped !== undefined) throw failure(500, '', `failed to create typed patch object: ${read.mistyped}`)
  if (read.unknown.length > 0 && options.fieldValidation === 'Strict')
    throw failure(
      500,
      '',
      `failed to create typed patch object (${nameOf(config, type)}): .${read.unknown[0]}: field not declared in schema`,
    )
}

function nameOf(config: unknown, type: ResourceType): string {
  const meta = isObject(config) && isObject(config['metadata']) ? config['metadata'] : {}
  return `${meta['namespace'] === undefined ? '' : `${String(meta['namespace'])}/`}${String(meta['name'])}; ${type.apiVersion}, Kind=${type.kind}`
}

export function onlyStatus(config: Record<string, unknown>): Record<string, unknown> {
  return {
    apiVersion: config['apiVersion'],
    kind: config['kind'],
    metadata: config['metadata'],
    status: config['status'],
  }
}

export function withoutStatus(config: Record<string, unknown>, type: ResourceType): Record<string, unknown> {
  if (!withStatus.has(type.kind)) return config
  const { status: _status, ...rest } = config
  return rest
}
