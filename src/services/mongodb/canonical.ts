import { EJSON, Int32, Long } from 'bson'
import { type JsonTree, readJson } from './json.ts'

/**
 * A document of Extended JSON in which fields keep the order of the text: an object of JavaScript would put names such as
 * `10` first, and the order of an index's fields says what it is. The driver sends maps as documents.
 */
export type CanonicalDocument = Map<string, CanonicalValue>
/** Leaves are values of `bson`, such as Int32, Long or ObjectId. */
export type CanonicalValue = CanonicalDocument | readonly CanonicalValue[] | string | boolean | object | null

/** @throws SyntaxError where it is no JSON, says a name twice, or a value cannot be of its type */
export function readCanonical(text: string): CanonicalDocument {
  const tree = readJson(text)
  const value = meaningOf(tree)
  if (!(value instanceof Map)) throw new SyntaxError('no document')
  return value
}

/** One line of canonical Extended JSON v2: the same value is always the same text. */
export function writeCanonical(value: CanonicalValue): string {
  if (value instanceof Map)
    return `{${[...value].map(([name, inner]) => `${JSON.stringify(name)}:${writeCanonical(inner)}`).join(',')}}`
  if (Array.isArray(value)) return `[${value.map(writeCanonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (value instanceof Int32) return `{"$numberInt":"${value.value}"}`
  if (value instanceof Long) return `{"$numberLong":"${value.toString()}"}`
  return EJSON.stringify(value, { relaxed: false })
}

/** First names that make an object a value. `$regex` and `$ref` are not among them: in options they are words of queries. */
const shapes = new Map<string, (fields: Map<string, JsonTree>) => boolean>([
  ['$oid', (fields) => /^[0-9a-f]{24}$/i.test(text(fields, '$oid'))],
  ['$numberInt', (fields) => /^-?\d{1,10}$/.test(text(fields, '$numberInt'))],
  ['$numberLong', (fields) => /^-?\d{1,19}$/.test(text(fields, '$numberLong'))],
  ['$numberDouble', (fields) => /^(-?Infinity|NaN|-?\d[\d.eE+-]*)$/.test(text(fields, '$numberDouble'))],
  ['$numberDecimal', (fields) => text(fields, '$numberDecimal') !== ''],
  ['$binary', (fields) => fields.has('$binary')],
  ['$uuid', (fields) => text(fields, '$uuid') !== ''],
  ['$code', (fields) => typeof fields.get('$code') === 'string'],
  ['$symbol', (fields) => typeof fields.get('$symbol') === 'string'],
  ['$timestamp', (fields) => fields.get('$timestamp') instanceof Map],
  ['$regularExpression', (fields) => fields.get('$regularExpression') instanceof Map],
  ['$dbPointer', (fields) => fields.get('$dbPointer') instanceof Map],
  ['$date', (fields) => fields.has('$date')],
  ['$minKey', (fields) => fields.size === 1],
  ['$maxKey', (fields) => fields.size === 1],
])

function text(fields: Map<string, JsonTree>, name: string): string {
  const value = fields.get(name)
  return typeof value === 'string' ? value : ''
}

function meaningOf(tree: JsonTree): CanonicalValue {
  if (tree === null || typeof tree !== 'object') return tree
  if (tree instanceof Map) {
    const [first = ''] = tree.keys()
    const fits = shapes.get(first)
    if (fits === undefined) return new Map([...tree].map(([name, inner]) => [name, meaningOf(inner)]))
    if (!fits(tree)) throw new SyntaxError(`no value of the kind ${first}`)
    return integerIn(tree, first) ?? leaf(written(tree))
  }
  return 'number' in tree ? (plainInteger(tree.number) ?? leaf(tree.number)) : tree.map(meaningOf)
}

/** Most values are integers: the library would take a hundred times as long for each. @throws SyntaxError where too large */
function integerIn(fields: Map<string, JsonTree>, kind: string): object | undefined {
  if (kind !== '$numberInt' && kind !== '$numberLong') return undefined
  const value = BigInt(text(fields, kind))
  const bits = kind === '$numberInt' ? 32 : 64
  if (fields.size > 1 || BigInt.asIntN(bits, value) !== value) throw new SyntaxError(`no value of the kind ${kind}`)
  return bits === 32 ? new Int32(Number(value)) : Long.fromBigInt(value)
}

function written(tree: JsonTree): string {
  if (tree instanceof Map)
    return `{${[...tree].map(([name, inner]) => `${JSON.stringify(name)}:${written(inner)}`).join(',')}}`
  if (tree === null || typeof tree !== 'object') return JSON.stringify(tree)
  return 'number' in tree ? tree.number : `[${tree.map(written).join(',')}]`
}

/** As old tools write numbers, without a type; the library takes whole ones for integers. */
function plainInteger(json: string): Int32 | undefined {
  return /^-?\d{1,9}$/.test(json) ? new Int32(Number(json)) : undefined
}

/** In a document, since the library reads types only inside of one. @throws SyntaxError */
function leaf(json: string): object {
  try {
    const { value }: { value?: unknown } = EJSON.parse(`{"value":${json}}`, { relaxed: false })
    if (typeof value === 'object' && value !== null && !isInvalid(value)) return value
  } catch {
    // The library's own words name what it was given, which may be long.
  }
  throw new SyntaxError('a value that cannot be of its type')
}

function isInvalid(value: object): boolean {
  return value instanceof Date && Number.isNaN(value.getTime())
}
