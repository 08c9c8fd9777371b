import { type JsonObject, parseJson } from '../json.ts'
import { microTimestamp, timestamp } from '../time.ts'
import { definitionNamed, load } from './definitions.ts'

/** Field numbers, as recorded from the API's generated.proto: number -> `name:type`. */
const messages = load<Record<string, Record<string, string>>>('protobuf.json')

/** Before every protobuf body of Kubernetes: `k8s` and a zero. */
const magic = Buffer.from([0x6b, 0x38, 0x73, 0])

/**
 * Reads a request body in Kubernetes' protobuf, which kubectl's typed commands send (`create configmap`, `auth can-i`).
 * @param definition the schema's name of the kind that is expected
 * @returns the object as JSON, or undefined when it cannot be read
 */
export function decodeProtobuf(body: Buffer, definition: string): JsonObject | undefined {
  if (!body.subarray(0, 4).equals(magic)) return undefined
  try {
    let type: JsonObject = {}
    let raw = Buffer.alloc(0)
    for (const { number, bytes } of fieldsOf(body.subarray(4))) {
      if (number === 1) type = typeOf(bytes)
      if (number === 2) raw = Buffer.from(bytes)
    }
    return { ...type, ...readMessage(raw, definition) }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** TypeMeta of the envelope. */
function typeOf(bytes: Buffer): JsonObject {
  const out: JsonObject = {}
  for (const field of fieldsOf(bytes)) out[field.number === 1 ? 'apiVersion' : 'kind'] = field.bytes.toString('utf8')
  return out
}

type Field = { readonly number: number; readonly value: bigint; readonly bytes: Buffer }

/** The fields of one message, in order. @throws RangeError when it is cut off */
function* fieldsOf(bytes: Buffer): Generator<Field> {
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at)
      at += 1
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  while (at < bytes.length) {
    const key = Number(varint())
    const number = key >> 3
    const wire = key & 7
    if (wire === 0) yield { number, value: varint(), bytes: Buffer.alloc(0) }
    else if (wire === 2) {
      const length = Number(varint())
      if (at + length > bytes.length) throw new RangeError('cut off')
      yield { number, value: 0n, bytes: bytes.subarray(at, at + length) }
      at += length
    } else if (wire === 1 || wire === 5) at += wire === 1 ? 8 : 4
    else throw new RangeError('unknown wire type')
  }
}

function readMessage(bytes: Buffer, definition: string): JsonObject {
  const known = messages[definition] ?? {}
  const out: JsonObject = {}
  for (const field of fieldsOf(bytes)) {
    const [name = '', type = ''] = split(known[String(field.number)] ?? '')
    if (name === '') continue
    const value = readValue(field, type.replace(/^(\[\]|\{\})/, ''))
    if (type.startsWith('[]')) out[name] = [...((out[name] as unknown[] | undefined) ?? []), value]
    else if (type.startsWith('{}'))
      out[name] = { ...(out[name] as object | undefined), ...readEntry(field.bytes, type.slice(2)) }
    else if (isInline(definition, name, value)) Object.assign(out, value)
    else out[name] = value
  }
  return out
}

function split(text: string): [string, string] {
  const colon = text.indexOf(':')
  return [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1)]
}

/** A struct that Go embeds is a field in protobuf only: its own fields belong to the outer object. */
function isInline(definition: string, name: string, value: unknown): value is JsonObject {
  const { properties } = definitionNamed(definition)
  return (
    properties !== undefined &&
    properties[name] === undefined &&
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value)
  )
}

function readEntry(bytes: Buffer, type: string): JsonObject {
  let key = ''
  let value: unknown = ''
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) key = field.bytes.toString('utf8')
    else value = readValue(field, type)
  }
  return { [key]: value }
}

function readValue(field: Field, type: string): unknown {
  switch (type.split('.').at(-1)) {
    case 'string':
      return field.bytes.toString('utf8')
    case 'bool':
      return field.value !== 0n
    case 'int32':
    case 'int64':
      return Number(BigInt.asIntN(64, field.value))
    case 'bytes':
      return field.bytes.toString('base64')
    case 'Time':
      return timeOf(field.bytes, timestamp)
    case 'MicroTime':
      return timeOf(field.bytes, microTimestamp)
    case 'Quantity':
      return textOf(field.bytes, 1)
    case 'IntOrString':
      return intOrString(field.bytes)
    case 'RawExtension':
    case 'FieldsV1':
      return parseJson(textOf(field.bytes, 1))
    default:
      return readMessage(field.bytes, type)
  }
}

function textOf(bytes: Buffer, number: number): string {
  for (const field of fieldsOf(bytes)) if (field.number === number) return field.bytes.toString('utf8')
  return ''
}

function intOrString(bytes: Buffer): string | number {
  let kind = 0n
  let number = 0
  let text = ''
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) kind = field.value
    else if (field.number === 2) number = Number(BigInt.asIntN(64, field.value))
    else text = field.bytes.toString('utf8')
  }
  return kind === 0n ? number : text
}

function timeOf(bytes: Buffer, write: (at: number) => string): string | null {
  for (const field of fieldsOf(bytes))
    if (field.number === 1) return write(Number(BigInt.asIntN(64, field.value)) * 1000)
  return null
}
