import { hash } from 'node:crypto'
import { EJSON } from 'bson'
import type { Connected } from './client.ts'
import { createMultiset, type MultisetSum } from './multiset.ts'
import { rawDocuments } from './raw.ts'
import { canonicalIndex, canonicalOptions } from './same-words.ts'
import { type LiveCollection, listAll } from './server.ts'

/** What a copy must be, read from the backup alone. */
export type Expected = MultisetSum & {
  /** Under which the collection stands in the backup. */
  readonly name: string
  /** Canonical Extended JSON. */
  readonly options: string
  readonly indexes: readonly { readonly name: string; readonly spec: string }[]
  /** Whether the backup tells options and indexes at all. */
  readonly metadata: boolean
}

export type CheckName = 'documents' | 'options' | 'indexes' | 'views' | 'others'
export type Check = {
  readonly name: CheckName
  readonly verdict: 'pass' | 'fail' | 'unknown'
  readonly detail: string
}

export type Proof = {
  readonly checks: readonly Check[]
  readonly collections: number
  readonly documents: number
  readonly bytes: number
  /** Of all collections together: the copy must still be this one when it is put in use. */
  readonly sha256: string
}

export type ProofRequest = {
  readonly connected: Connected
  /** How a collection of the backup is called beside. */
  beside(name: string): string
  /** What all of them begin with. */
  readonly prefix: string
  readonly expected: readonly Expected[]
  /** Names of views that the backup has. */
  readonly views: readonly string[]
  onDocuments(done: number, of: number): void
}

const shown = 10
const nothing: MultisetSum = { documents: 0, bytes: 0, sha256: '' }

/** Many collections as one word, whatever their order. */
export function sumOfAll(all: readonly { readonly name: string; readonly sum: MultisetSum }[]): string {
  const lines = all.map(({ name, sum }) => JSON.stringify([name, sum.documents, sum.bytes, sum.sha256]))
  return hash('sha256', lines.toSorted().join('\n'))
}

/**
 * Every document of the copy as raw BSON against the sums of the backup, then options and indexes, then that nothing else is
 * there. @throws what the driver throws: an unread collection is no proof
 */
export async function prove(request: ProofRequest): Promise<Proof> {
  const { connected, expected, prefix } = request
  const sums = await sumsOf(request)
  const wrong = expected.filter((each, index) => !isSame(each, sums[index]))
  const there = (await listAll(connected)).filter(({ name }) => name.startsWith(prefix))
  const optionFaults = expected.filter((each) => each.metadata && !sameOptions(each, find(there, request, each)))
  const { faults: indexFaults, count } = await checkIndexes(request)
  const known = new Set([...expected.map(({ name }) => name), ...request.views].map(request.beside))
  const others = there.filter(({ name }) => !known.has(name)).map(({ name }) => name)
  const viewsThere = new Set(there.filter(({ type }) => type === 'view').map(({ name }) => name))
  const viewless = request.views.filter((name) => !viewsThere.has(request.beside(name)))
  const untold = expected.filter(({ metadata }) => !metadata).map(({ name }) => name)
  const documents = sums.reduce((sum, each) => sum + each.documents, 0)
  return {
    checks: [
      check(
        'documents',
        wrong.map(({ name }) => name),
        String(documents),
      ),
      check(
        'options',
        optionFaults.map(({ name }) => name),
        '',
        untold,
      ),
      check('indexes', indexFaults, String(count), untold),
      ...(request.views.length === 0 ? [] : [check('views', viewless, String(request.views.length))]),
      check('others', others, ''),
    ],
    collections: expected.length,
    documents,
    bytes: sums.reduce((sum, each) => sum + each.bytes, 0),
    sha256: sumOfAll(expected.map(({ name }, index) => ({ name, sum: sums[index] ?? nothing }))),
  }
}

/** Red by what is wrong, never green while something could not be told. */
function check(name: CheckName, wrong: readonly string[], right: string, untold: readonly string[] = []): Check {
  if (wrong.length > 0) return { name, verdict: 'fail', detail: wrong.slice(0, shown).join(', ') }
  if (untold.length > 0) return { name, verdict: 'unknown', detail: untold.slice(0, shown).join(', ') }
  return { name, verdict: 'pass', detail: right }
}

async function sumsOf({ connected, expected, beside, onDocuments }: ProofRequest): Promise<MultisetSum[]> {
  const of = expected.reduce((sum, { documents }) => sum + documents, 0)
  const sums: MultisetSum[] = []
  let done = 0
  for (const { name } of expected) {
    const multiset = createMultiset()
    for await (const document of rawDocuments(connected, beside(name))) {
      multiset.add(document)
      if (++done % 1_000 === 0) onDocuments(done, of)
    }
    sums.push(multiset.sum())
  }
  return sums
}

const isSame = (a: MultisetSum, b: MultisetSum | undefined): boolean =>
  b !== undefined && a.documents === b.documents && a.bytes === b.bytes && a.sha256 === b.sha256

const find = (there: readonly LiveCollection[], { beside }: ProofRequest, { name }: Expected) =>
  there.find((each) => each.name === beside(name))

function sameOptions(expected: Expected, found: LiveCollection | undefined): boolean {
  return found !== undefined && canonicalOptions(expected.options) === canonicalOptions(found.options)
}

async function checkIndexes({ connected: { db }, expected, beside }: ProofRequest) {
  const faults: string[] = []
  let count = 0
  for (const { name, indexes, metadata } of expected) {
    if (!metadata) continue
    const found = await db.collection(beside(name)).listIndexes().toArray()
    const has = new Map(
      found.map((index) => [String(index['name']), canonicalIndex(EJSON.stringify(index, { relaxed: false }))]),
    )
    count += indexes.length
    for (const { name: index, spec } of indexes) {
      if (has.get(index) !== canonicalIndex(spec)) faults.push(`${name}.${index}`)
      has.delete(index)
    }
    faults.push(...[...has.keys()].map((index) => `${name}.${index}`))
  }
  return { faults, count }
}
