import { Code } from 'bson'
import type { CanonicalDocument, CanonicalValue } from '../../services/mongodb/canonical.ts'
import { BadBackup, shown } from '../fault.ts'
import type { MongoView } from './types.ts'

/** They write. No server keeps a view with one of them. */
const writing = new Set(['$out', '$merge'])
/** They read another collection, which may be named with its database. */
const joining = new Set(['$lookup', '$graphLookup', '$unionWith'])
const longestChain = 20
const javascript = new Set(['$where', '$function', '$accumulator'])

/** @throws BadBackup `hostile_view` where a stage writes or reads another database, `damaged` where it is no pipeline */
export function checkPipeline(pipeline: CanonicalValue, view: string): void {
  if (!Array.isArray(pipeline) || pipeline.some((stage) => !(stage instanceof Map)))
    throw new BadBackup('damaged', `the view ${shown(view, 60)} has no pipeline`)
  for (const [name, value] of fieldsIn(pipeline)) {
    if (writing.has(name)) throw new BadBackup('hostile_view', `the view ${shown(view, 60)} has the stage ${name}`)
    if (joining.has(name) && namesDatabase(value))
      throw new BadBackup('hostile_view', `the view ${shown(view, 60)} reads another database by ${name}`)
  }
}

function namesDatabase(stage: CanonicalValue): boolean {
  if (!(stage instanceof Map)) return false
  return stage.has('db') || stage.get('from') instanceof Map || stage.get('coll') instanceof Map
}

/** A server refuses views that lead to themselves, and chains that are too long. @throws BadBackup `hostile_view` */
export function checkChains(views: readonly MongoView[]): void {
  const on = new Map(views.map(({ name, viewOn }) => [name, viewOn]))
  for (const { name } of views) {
    let steps = 0
    for (let next = on.get(name); next !== undefined; next = on.get(next)) {
      steps += 1
      if (steps > longestChain) throw new BadBackup('hostile_view', `the view ${shown(name, 60)} leads to itself`)
    }
  }
}

/** The words for JavaScript in options or an index: it would run on the server. */
export function codeIn(document: CanonicalDocument): string[] {
  const found: string[] = []
  for (const [name, value] of fieldsIn(document)) {
    if (javascript.has(name)) found.push(name)
    if (value instanceof Code) found.push('$code')
  }
  return found
}

/** Every field, however deep; readers of the text have bounded how deep that can be. */
function* fieldsIn(value: CanonicalValue): Generator<readonly [string, CanonicalValue]> {
  if (value instanceof Map) {
    for (const [name, inner] of value) {
      yield [name, inner]
      yield* fieldsIn(inner)
    }
  } else if (Array.isArray(value)) {
    for (const inner of value) yield* fieldsIn(inner)
  }
}
