import { deepEqual, isObject } from '../json.ts'
import type { Definition } from '../schema/definitions.ts'
import { childrenOf, isServerField, join, type Path, shapeOf } from './paths.ts'

export type Comparison = { readonly changed: Set<Path>; readonly removed: Set<Path> }

/** Which fields a change added or modified, and which it took away. */
export function compareFields(before: unknown, after: unknown, definition: Definition): Comparison {
  const result: Comparison = { changed: new Set(), removed: new Set() }
  walk(before, after, definition, '', result)
  return result
}

function walk(
  before: unknown,
  after: unknown,
  definition: Definition | undefined,
  path: Path,
  result: Comparison,
): void {
  if (before === after || (before === undefined && after === undefined)) return
  if (path !== '' && isServerField(path) && path !== 'f:metadata') return
  // A list that Go writes as null is there, only empty.
  const shape = shapeOf(after ?? before, definition)
  const before_ = childrenOf(before, shape)
  const after_ = childrenOf(after, shape)
  if (shape.kind === 'leaf' || (before_.size === 0 && after_.size === 0)) {
    mark(before, after, path, result)
    return
  }
  for (const [element, one] of after_)
    walk(before_.get(element)?.value, one.value, one.definition, join(path, element), result)
  for (const [element, one] of before_)
    if (!after_.has(element)) walk(one.value, undefined, one.definition, join(path, element), result)
  if (before === undefined) result.changed.add(path)
  if (after === undefined) result.removed.add(path)
}

function mark(before: unknown, after: unknown, path: Path, result: Comparison): void {
  if (after === undefined) result.removed.add(path)
  else if (before === undefined || !deepEqual(before, after)) result.changed.add(path)
}

/** The fields that an applied configuration claims: its leaves and its list items. */
export function claimedFields(value: unknown, definition: Definition): Set<Path> {
  const paths = new Set<Path>()
  claim(value, definition, '', paths)
  return paths
}

function claim(value: unknown, definition: Definition | undefined, path: Path, paths: Set<Path>): void {
  if (value === null || value === undefined) return
  if (path !== '' && path !== 'f:metadata' && isServerField(path)) return
  const shape = shapeOf(value, definition)
  const children = childrenOf(value, shape)
  if (shape.kind === 'leaf' || children.size === 0) {
    if (!(isObject(value) && path === 'f:metadata')) paths.add(path)
    return
  }
  for (const [element, one] of children) {
    const inner = join(path, element)
    if (shape.kind !== 'map') paths.add(inner)
    claim(one.value, one.definition, inner, paths)
  }
}
