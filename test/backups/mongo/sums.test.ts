import { describe, expect, it } from 'vitest'
import { readCanonical, writeCanonical } from '../../../src/services/mongodb/canonical.ts'
import { addSums, createMultiset } from '../../../src/services/mongodb/multiset.ts'
import { documents } from '../support/mongo-documents.ts'

const sumOf = (some: readonly Uint8Array[]) => {
  const multiset = createMultiset()
  for (const one of some) multiset.add(one)
  return multiset.sum()
}

describe('the sum of documents', () => {
  const all = documents(50)

  it('says nothing of their order', () => {
    expect(sumOf(all.toReversed())).toEqual(sumOf(all))
  })

  it('tells one that is missing, there twice, or another', () => {
    const [first, second] = all
    if (first === undefined || second === undefined) throw new Error('no documents')
    const changed = [sumOf(all.slice(1)), sumOf([...all, first]), sumOf([second, ...all.slice(1)])]
    expect(new Set([sumOf(all).sha256, ...changed.map(({ sha256 }) => sha256)]).size).toBe(4)
    // Each of an even count would vanish, were they not added but combined bit by bit.
    expect(sumOf([first, first]).sha256).not.toBe(sumOf([second, second]).sha256)
  })

  it('of parts is the sum of all', () => {
    expect(addSums([sumOf(all.slice(0, 20)), sumOf(all.slice(20))])).toEqual(sumOf(all))
    expect(addSums([])).toEqual(sumOf([]))
  })
})

describe('Extended JSON of metadata', () => {
  it.each([
    '{"b":{"$numberInt":"1"},"10":{"$numberInt":"-1"},"a":{"$numberDouble":"1.5"}}',
    '{"size":{"$numberLong":"100000"},"list":[true,null,"\\u0041 ñ",{}],"at":{"$date":{"$numberLong":"1700000000000"}}}',
    '{"validator":{"name":{"$regex":"^a","$options":"i"}},"id":{"$oid":"5f5b6c7d8e9fa0b1c2d3e4f5"}}',
    '{"constructor":{"toString":{"$numberInt":"-2147483648"}},"__proto__":{"$numberLong":"9223372036854775807"}}',
  ])('keeps the order of fields and the types of numbers: %s', (text) => {
    expect(writeCanonical(readCanonical(text))).toBe(text.replace('\\u0041', 'A'))
  })

  it('of old tools becomes canonical', () => {
    expect(writeCanonical(readCanonical(' {"v": 1, "size": 99999999999, "x": -0.5} '))).toBe(
      '{"v":{"$numberInt":"1"},"size":{"$numberLong":"99999999999"},"x":{"$numberDouble":"-0.5"}}',
    )
  })

  it.each([
    ['a name twice', '{"a":1,"a":2}'],
    ['something after the end', '{} {}'],
    ['a comma too many', '{"a":[1,]}'],
    ['no end', '{"a":{"b":1}'],
    ['a number that is none', '{"a":{"$numberInt":"1x"}}'],
    ['a number that is too large', '{"a":{"$numberInt":"2147483648"}}'],
    ['a long number that is too large', '{"a":{"$numberLong":"9223372036854775808"}}'],
    ['a date that is none', '{"a":{"$date":"yesterday"}}'],
    ['a list', '[]'],
    ['nested without end', '['.repeat(100_000)],
    ['a text without end', `{"a":"${'\\"'.repeat(100_000)}`],
  ])('with %s is refused', (_, text) => {
    expect(() => readCanonical(text)).toThrow(SyntaxError)
  })
})
