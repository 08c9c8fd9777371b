import type { Pair } from '../../services/mongodb/loss.ts'
import { ownName, prefixOf } from '../../services/mongodb/names.ts'
import type { Rename } from '../../services/mongodb/rename.ts'
import type { LiveCollection } from '../../services/mongodb/server.ts'
import type { Kept, OnlyLive } from './types.ts'

/** What an exchange does, and what stands against what in it. */
export type Exchange = {
  readonly renames: readonly Rename[]
  readonly pairs: readonly Pair[]
  /** In use, and not in what comes. */
  readonly onlyLive: readonly string[]
}

type Sides = {
  readonly run: string
  readonly inUse: readonly LiveCollection[]
  /** What comes: how it is called now, and how it will be. */
  readonly coming: readonly { readonly uuid: string; readonly from: string; readonly name: string }[]
  readonly onlyLive: OnlyLive
  /** Collections in use that go although nothing takes their place: an earlier exchange had brought them. */
  readonly leaving: ReadonlySet<string>
}

/** Each name's collection goes away just before the other takes it: a name is free for the time of one rename. Pure. */
export function exchangeOf({ run, inUse, coming, onlyLive, leaving }: Sides): Exchange {
  const stored = inUse.filter(({ type }) => type === 'collection')
  const live = new Map(stored.map((each) => [each.name, each]))
  const comes = new Set(coming.map(({ name }) => name))
  const others = stored.filter(({ name }) => !comes.has(name))
  const goes = others.filter(({ name }) => onlyLive === 'aside' || leaving.has(name))
  const aside = ({ name, uuid }: LiveCollection): Rename => ({
    uuid: uuid ?? '',
    from: name,
    to: `${prefixOf('old', run)}${name}`,
  })
  return {
    renames: [
      ...coming.toSorted(byName).flatMap(({ uuid, from, name }) => {
        const old = live.get(name)
        return [...(old === undefined ? [] : [aside(old)]), { uuid, from, to: name }]
      }),
      ...goes.map(aside),
    ],
    pairs: [
      ...coming.map(({ from, name }) => ({ collection: name, live: live.get(name)?.name, next: from })),
      ...goes.map(({ name }) => ({ collection: name, live: name, next: undefined })),
    ],
    onlyLive: others.map(({ name }) => name),
  }
}

/** The way back of an exchange: what it set aside comes, and what it had brought in goes. Pure. */
export function wayBackOf(run: string, inUse: readonly LiveCollection[], kept: Kept): Exchange {
  const brought = new Set(kept.renames.filter(({ to }) => ownName(to) === undefined).map(({ uuid }) => uuid))
  const coming = kept.renames.flatMap(({ uuid, to }) => {
    const own = ownName(to)
    return own === undefined ? [] : [{ uuid, from: to, name: own.name }]
  })
  return exchangeOf({
    run,
    inUse,
    coming,
    onlyLive: 'keep',
    leaving: new Set(inUse.filter(({ uuid }) => uuid !== undefined && brought.has(uuid)).map(({ name }) => name)),
  })
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1)
