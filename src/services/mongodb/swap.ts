import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseError } from '../postgres/errors.ts'
import { type Connected, withMongo } from './client.ts'
import { ownName, prefixOf } from './names.ts'
import { type Rename, renameOver } from './rename.ts'
import { type LiveCollection, listAll, readServer } from './server.ts'

export type SwapPlan = {
  readonly url: string
  readonly run: string
  /** In order: each collection in use goes away just before the other takes its name. */
  readonly renames: readonly Rename[]
  /** A server that is away is waited for so long before nobody can tell. */
  readonly patienceMs: number
}

export type Swapped =
  /** `late`: collections that writers made anew between two renames, moved beside; nothing in them is lost. */
  | { readonly kind: 'swapped'; readonly ms: number; readonly late: readonly string[] }
  /** The world is not the one that was approved; nothing was changed. */
  | { readonly kind: 'moved'; readonly why: string }
  /** The server refused one rename, and those before it were taken back. `back`: what had been in use for a moment. */
  | {
      readonly kind: 'taken_back'
      readonly why: string
      readonly back: readonly string[]
      readonly late: readonly string[]
    }

export type Stage = 'before' | 'between' | 'after'

const pauseMs = 250

/**
 * Exchanges collections by renames in one database. MongoDB has no transaction around renames: each is looked up by UUID, so a
 * repetition goes on where an earlier attempt was cut off, and what the server refuses is taken back.
 * @throws DatabaseError `database_away` when the server does not come back in time: some renames may be done, some not
 */
export async function swapCollections(plan: SwapPlan): Promise<Swapped> {
  const started = performance.now()
  const late = new Set<string>()
  const refused = await patiently(plan, async (connected) => {
    const all = await listAll(connected)
    const moved = movedSince(plan, all)
    if (moved !== undefined) return { why: moved, nothingDone: stageOf(plan.renames, all) === 'before' }
    return forward(connected, plan, all, late)
  })
  if (refused === undefined) return { kind: 'swapped', ms: Math.round(performance.now() - started), late: [...late] }
  if (refused.nothingDone) return { kind: 'moved', why: refused.why }
  const back = await patiently(plan, (connected) => takeBack(connected, plan, late))
  return { kind: 'taken_back', why: refused.why, back, late: [...late] }
}

/** After a crash: by UUID, never by memory. */
export async function lookAtSwap(plan: SwapPlan): Promise<Stage> {
  return patiently(plan, async (connected) => stageOf(plan.renames, await listAll(connected)))
}

function stageOf(renames: readonly Rename[], all: readonly LiveCollection[]): Stage {
  const names = new Map(all.map(({ uuid, name }) => [uuid, name]))
  const done = renames.filter(({ uuid, to }) => names.get(uuid) === to).length
  if (done === renames.length) return 'after'
  return done === 0 ? 'before' : 'between'
}

/** Why the world is not the one that was approved; undefined when every collection is where it was or where it shall be. */
export function movedSince(plan: Pick<SwapPlan, 'renames'>, all: readonly LiveCollection[]): string | undefined {
  const byUuid = new Map(all.map(({ uuid, name }) => [uuid, name]))
  const byName = new Map(all.map(({ uuid, name }) => [name, uuid]))
  const own = new Set(plan.renames.map(({ uuid }) => uuid))
  const begun = stageOf(plan.renames, all) !== 'before'
  for (const { uuid, from, to } of plan.renames) {
    const now = byUuid.get(uuid)
    if (now === undefined) return `${from} is not there any more`
    if (now !== from && now !== to) return `${from} is called ${now}`
    const holder = byName.get(to)
    // Once it has begun, a name that is taken was taken by a writer, and is dealt with on the way.
    if (!begun && byName.has(to) && (holder === undefined || !own.has(holder))) return `${to} exists already`
  }
  return undefined
}

type Refused = { readonly why: string; readonly nothingDone: boolean }

async function forward(
  connected: Connected,
  plan: SwapPlan,
  all: readonly LiveCollection[],
  late: Set<string>,
): Promise<Refused | undefined> {
  const names = new Map(all.map(({ uuid, name }) => [uuid, name]))
  const { replicaSet } = await readServer(connected)
  for (const { uuid, from, to } of plan.renames) {
    if (names.get(uuid) === to) continue
    const why = await renameOver(connected, plan.run, { uuid, from, to }, replicaSet, late)
    if (why !== undefined) return { why, nothingDone: stageOf(plan.renames, await listAll(connected)) === 'before' }
  }
  return undefined
}

/** In the reverse order. What was in use for a moment may hold writes: it gets a name under which nothing is dropped in passing. */
async function takeBack(connected: Connected, plan: SwapPlan, late: Set<string>): Promise<readonly string[]> {
  const names = new Map((await listAll(connected)).map(({ uuid, name }) => [uuid, name]))
  const { replicaSet } = await readServer(connected)
  const back: string[] = []
  for (const { uuid, from, to } of plan.renames.toReversed()) {
    if (names.get(uuid) !== to) continue
    const own = ownName(from)
    const home = own?.kind === 'r' ? `${prefixOf('back', plan.run)}${own.name}` : from
    const why = await renameOver(connected, plan.run, { uuid, from: to, to: home }, replicaSet, late)
    if (why !== undefined) throw new DatabaseError('database_refused', 'rename', why)
    if (home !== from) back.push(home)
  }
  return back
}

/** Again on a new connection while the server is away. */
async function patiently<T>(plan: SwapPlan, body: (connected: Connected) => Promise<T>): Promise<T> {
  const deadline = Date.now() + plan.patienceMs
  for (;;) {
    try {
      return await withMongo(plan.url, { answerMs: 30_000 }, body)
    } catch (error) {
      const away = error instanceof DatabaseError && error.reason === 'database_away'
      if (!away || Date.now() > deadline) throw error
      await sleep(pauseMs)
    }
  }
}
