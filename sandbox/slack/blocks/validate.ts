import { shortId } from '../model/ids.ts'
import { isObject, objects, stringOf } from '../model/json.ts'
import type { Json } from '../model/types.ts'
import { type Check, type Rule, report, type Surface } from './rules.ts'
import { blockTable } from './tables.ts'

/** How many blocks fit on each surface. */
const blockLimit: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 }

/** All text of a message's blocks together; measured against Slack, which does not document the number. */
const messageTextLimit = 13_200

/**
 * Checks blocks as Slack does.
 * @param pointer where the blocks stand: `/blocks` in messages, `/view/blocks` in views
 * @returns problems in Slack's words with JSON pointers; empty when all is well
 */
export function blockProblems(blocks: readonly unknown[], surface: Surface, pointer = '/blocks'): string[] {
  const check: Check = { surface, problems: [] }
  if (blocks.length > blockLimit[surface]) {
    report(check, pointer, `no more than ${blockLimit[surface]} items allowed`)
    return check.problems
  }
  for (const [index, block] of blocks.entries()) checkBlock(block, `${pointer}/${index}`, check)
  checkTogether(objects(blocks), pointer, check)
  return check.problems
}

const checkBlock: Rule = (block, pointer, check) => {
  if (!isObject(block)) return report(check, pointer, 'must provide an object')
  const type = stringOf(block['type'])
  if (type === undefined) return report(check, pointer, 'missing required field: type')
  const entry = Object.hasOwn(blockTable, type) ? blockTable[type] : undefined
  if (entry === undefined || !entry.surfaces.includes(check.surface)) {
    return report(check, `${pointer}/type`, `unsupported type: ${type}`)
  }
  entry.rule(block, pointer, check)
}

/** What only shows when all blocks are seen together. */
function checkTogether(blocks: readonly Json[], pointer: string, check: Check): void {
  const types = blocks.map((block) => block['type'])
  if (types.includes('plan') && types.includes('task_card')) {
    report(check, `${pointer}/${types.indexOf('task_card')}/type`, 'task_card blocks cannot stand beside a plan block')
  }
  reportRepeated(
    blocks.map((block, index) => [stringOf(block['block_id']), `${pointer}/${index}/block_id`]),
    'block_id',
    check,
  )
  blocks.forEach((block, index) => {
    const found = interactive(block, `${pointer}/${index}`)
    reportRepeated(
      found.map(([element, place]) => [stringOf(element['action_id']), `${place}/action_id`]),
      'action_id',
      check,
    )
  })
  const focused = blocks
    .flatMap((block) => interactive(block, ''))
    .filter(([element]) => element['focus_on_load'] === true)
  if (focused.length > 1) report(check, pointer, 'only one element may have focus_on_load')
}

function reportRepeated(found: readonly (readonly [string | undefined, string])[], name: string, check: Check): void {
  const seen = new Set<string>()
  for (const [id, place] of found) {
    if (id !== undefined && seen.has(id)) report(check, place, `\`${name}\` "${id}" already exists`)
    if (id !== undefined) seen.add(id)
  }
}

/** The elements of a block that people can act on, with their places. */
export function interactive(block: Json, pointer: string): (readonly [Json, string])[] {
  const single = ['accessory', 'element'].flatMap((name) => {
    const element = block[name]
    return isObject(element) && element['type'] !== 'image' ? [[element, `${pointer}/${name}`] as const] : []
  })
  const holdsElements = block['type'] === 'actions' || block['type'] === 'context_actions'
  const listed = holdsElements
    ? objects(block['elements']).map((element, index) => [element, `${pointer}/elements/${index}`] as const)
    : []
  return [...single, ...listed]
}

/** Whether the blocks' texts together are too long for one message (`msg_blocks_too_long`). */
export function tooLongTogether(blocks: readonly unknown[]): boolean {
  return textLength(blocks) > messageTextLimit
}

function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one: unknown) => sum + textLength(one), 0)
  if (!isObject(value)) return 0
  return Object.entries(value).reduce((sum, [name, field]) => {
    const own = typeof field === 'string' && (name === 'text' || name === 'title') ? field.length : textLength(field)
    return sum + own
  }, 0)
}

/** Fills in the block and action ids that the app left out, as Slack does. */
export function withIds(blocks: readonly unknown[]): Json[] {
  return objects(blocks).map((block) => {
    const identified = { ...block, block_id: block['block_id'] ?? shortId() }
    const one = (element: unknown) =>
      isObject(element) && element['type'] !== 'image'
        ? { ...element, action_id: element['action_id'] ?? shortId() }
        : element
    const named = ['accessory', 'element'].filter((name) => block[name] !== undefined)
    const single = Object.fromEntries(named.map((name) => [name, one(block[name])]))
    const holdsElements = block['type'] === 'actions' || block['type'] === 'context_actions'
    return { ...identified, ...single, ...(holdsElements ? { elements: objects(block['elements']).map(one) } : {}) }
  })
}
