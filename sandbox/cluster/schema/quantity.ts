const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const decimal: Record<string, number> = { n: -3, u: -2, m: -1, '': 0, k: 1, M: 2, G: 3, T: 4, P: 5, E: 6 }
const decimalNames = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']
const shape = /^([+-]?[0-9]+(?:\.[0-9]*)?|[+-]?\.[0-9]+)(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?[0-9]+)?$/

/** A quantity in billionths of its unit (`500m` is 500000000), or undefined when it is not one. */
export function nanos(text: string): bigint | undefined {
  const match = shape.exec(text)
  if (match === null) return undefined
  const [, number = '', suffix = ''] = match
  const negative = number.startsWith('-')
  const [whole = '', fraction = ''] = number.replace(/^[+-]/, '').split('.')
  const digits = BigInt(`${whole === '' ? '0' : whole}${fraction}`)
  const power = binary.indexOf(suffix)
  const exponent = /^[eE][+-]?[0-9]+$/.test(suffix) ? Number(suffix.slice(1)) : 3 * (decimal[suffix] ?? 0)
  let value = digits * (power > 0 ? 1024n ** BigInt(power) : 1n)
  const scale = 9 + (power > 0 ? 0 : exponent) - fraction.length
  value = scale >= 0 ? value * 10n ** BigInt(scale) : value / 10n ** BigInt(-scale)
  return negative ? -value : value
}

/** As the API server writes it: `1000m` is `1`, `1024Mi` is `1Gi`, `0.5` is `500m`. Unchanged when it is not a quantity. */
export function canonicalQuantity(text: string): string {
  const value = nanos(text)
  if (value === undefined) return text
  const suffix = shape.exec(text)?.[2] ?? ''
  if (binary.indexOf(suffix) > 0 && value % 1_000_000_000n === 0n) return withBinary(value / 1_000_000_000n)
  return withDecimal(value)
}

function withBinary(units: bigint): string {
  let power = 0
  let left = units
  while (left !== 0n && left % 1024n === 0n && power < binary.length - 1) {
    left /= 1024n
    power += 1
  }
  return `${left}${binary[power]}`
}

function withDecimal(value: bigint): string {
  let index = 0
  let left = value
  while (left !== 0n && left % 1000n === 0n && index < decimalNames.length - 1) {
    left /= 1000n
    index += 1
  }
  return left === 0n ? '0' : `${left}${decimalNames[index]}`
}

/** Bytes, cores or counts as a number; 0 when it is not a quantity. */
export function quantityNumber(text: unknown): number {
  const value = typeof text === 'number' ? nanos(String(text)) : typeof text === 'string' ? nanos(text) : undefined
  return value === undefined ? 0 : Number(value) / 1e9
}
