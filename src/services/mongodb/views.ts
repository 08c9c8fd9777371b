import { readCanonical, writeCanonical } from './canonical.ts'
import type { Connected } from './client.ts'
import { nameGone, serverCode } from './errors.ts'
import { type LiveCollection, listAll } from './server.ts'

/** A view holds no documents: it is only these words, and it follows the names of collections. */
export type ViewDefinition = {
  readonly viewOn: string
  /** Canonical Extended JSON array. */
  readonly pipeline: string
  /** Canonical; undefined: none. */
  readonly collation: string | undefined
}

/** What a view is, and what it shall be; undefined: there is none. */
export type ViewChange = {
  readonly name: string
  readonly before: ViewDefinition | undefined
  readonly after: ViewDefinition | undefined
}

type Named = ViewDefinition & { readonly name: string }

/** Views of the backup that the database has not, or has otherwise. Those that only the database has stay. Pure. */
export function viewChanges(live: readonly LiveCollection[], backup: readonly Named[]): readonly ViewChange[] {
  const there = new Map(
    live.flatMap((each) => (each.type === 'view' ? [[each.name, definitionOf(each)] as const] : [])),
  )
  return backup.flatMap(({ name, viewOn, pipeline, collation }) => {
    const before = there.get(name)
    const after = { viewOn, pipeline, collation }
    return before !== undefined && isSame(before, after) ? [] : [{ name, before, after }]
  })
}

export const reversed = (changes: readonly ViewChange[]): readonly ViewChange[] =>
  changes.map(({ name, before, after }) => ({ name, before: after, after: before }))

/** Makes every view what it shall be. Safe to repeat. @throws DatabaseError, where the server takes one not */
export async function setViews(connected: Connected, changes: readonly ViewChange[]): Promise<void> {
  const live = new Map((await listAll(connected)).map((each) => [each.name, each]))
  for (const { name, after } of changes) {
    const now = live.get(name)
    if (now !== undefined && now.type !== 'view') throw new Error(`${name} is a collection, not a view`)
    const before = now === undefined ? undefined : definitionOf(now)
    if (before !== undefined && after !== undefined && isSame(before, after)) continue
    if (before !== undefined) await dropView(connected, name)
    if (after !== undefined) await createView(connected, name, after)
  }
}

/** @throws what the driver throws: the server judges the pipeline */
export async function createView({ db }: Connected, name: string, view: ViewDefinition): Promise<void> {
  const { collation } = view
  await db.command({
    create: name,
    viewOn: view.viewOn,
    pipeline: pipelineOf(view),
    ...(collation === undefined ? {} : { collation: readCanonical(collation) }),
  })
}

async function dropView({ db }: Connected, name: string): Promise<void> {
  try {
    await db.command({ drop: name })
  } catch (error) {
    if (serverCode(error) !== nameGone) throw error
  }
}

const pipelineOf = ({ pipeline }: ViewDefinition) => {
  const stages = readCanonical(`{"stages":${pipeline}}`).get('stages')
  return Array.isArray(stages) ? stages : []
}

function definitionOf({ options }: LiveCollection): ViewDefinition {
  const all = readCanonical(options)
  const collation = all.get('collation')
  const viewOn = all.get('viewOn')
  return {
    viewOn: typeof viewOn === 'string' ? viewOn : '',
    pipeline: writeCanonical(all.get('pipeline') ?? []),
    collation: collation === undefined ? undefined : writeCanonical(collation),
  }
}

const isSame = (a: ViewDefinition, b: ViewDefinition): boolean =>
  a.viewOn === b.viewOn && a.pipeline === b.pipeline && a.collation === b.collation
