import type { MongoContents } from '../../backups/mongo/types.ts'
import { readCanonical } from '../../services/mongodb/canonical.ts'
import { longestPrefix } from '../../services/mongodb/names.ts'
import type { LiveCollection, ServerFacts } from '../../services/mongodb/server.ts'
import type { Refused } from '../restoring/verdict.ts'
import type { OnlyLive } from './types.ts'

/** What the server and the collections in use say to this backup; read before anything is restored. */
export type Ground = {
  readonly server: ServerFacts
  readonly database: string
  readonly run: string
  readonly onlyLive: OnlyLive
  /** Accounts of the backup were asked for. */
  readonly users: boolean
  readonly inUse: readonly LiveCollection[]
}

/** Why this backup cannot be exchanged here, or undefined. Pure. */
export function misfit(contents: MongoContents, ground: Ground): Refused | undefined {
  if (ground.users) return refused(contents.accounts === undefined ? 'no_accounts' : 'accounts_by_hand', [])
  const series = timeSeries(contents, ground)
  if (series.length > 0) return refused('time_series', series)
  const long = contents.collections.filter(({ name }) => bytesOf(name, ground) > ground.server.nameBytes)
  if (long.length > 0) return refused('names_too_long', names(long))
  // The tools' patterns do not match across lines: such a name would be written as it stands, which may be in use.
  const broken = contents.collections.filter(({ name }) => hasControl(name))
  if (broken.length > 0) return refused('names_refused', names(broken))
  const clash = clashing(contents, ground.inUse)
  if (clash.length > 0) return refused('view_in_the_way', clash)
  const lacking = ground.server.kind === 'ferretdb' ? lackedBy(contents, ground) : []
  return lacking.length > 0 ? refused('server_lacks', lacking) : undefined
}

/** A time series cannot be renamed, neither the one in use nor its copy; one that nothing touches may stay. */
function timeSeries({ collections }: MongoContents, { inUse, onlyLive }: Ground): readonly string[] {
  const here = new Set(collections.map(({ name }) => name))
  return [
    ...collections.filter(({ type }) => type === 'timeseries').map(({ name }) => name),
    ...inUse
      .filter(({ type, name }) => type === 'timeseries' && (here.has(name) || onlyLive === 'aside'))
      .map(({ name }) => name),
  ]
}

/** A name that is a view on one side and holds documents on the other. */
function clashing({ collections, views }: MongoContents, inUse: readonly LiveCollection[]): readonly string[] {
  const asView = new Set(views.map(({ name }) => name))
  const asCollection = new Set(collections.map(({ name }) => name))
  return inUse
    .filter(({ name, type }) => (type === 'view' ? asCollection.has(name) : asView.has(name)))
    .map(({ name }) => name)
}

/** What the first FerretDB has not: found out there, said here before anything is restored. */
function lackedBy(contents: MongoContents, { inUse }: Ground): readonly string[] {
  const dotted = [...contents.collections, ...inUse].filter(({ name }) => name.includes('.'))
  return [
    ...contents.views.map(({ name }) => `view ${name}`),
    ...new Set(dotted.map(({ name }) => `a name with a dot: ${name}`)),
    ...contents.collections.flatMap(({ name, options }) =>
      [...readCanonical(options).keys()].filter((key) => !understood.has(key)).map((key) => `${key} of ${name}`),
    ),
    ...contents.collections.flatMap(({ name, indexes }) =>
      indexes.flatMap((index) =>
        [...readCanonical(index.spec).keys()]
          .filter((key) => !understood.has(key))
          .map((key) => `${key} of the index ${name}.${index.name}`),
      ),
    ),
  ]
}

const understood = new Set(['v', 'key', 'name', 'unique', 'ns', 'background', 'capped', 'size', 'max', 'uuid'])

const bytesOf = (name: string, { database, run, server }: Ground): number =>
  Buffer.byteLength(server.kind === 'ferretdb' ? name : `${database}.${name}`) + longestPrefix(run)

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const hasControl = (name: string): boolean => /[\u0000-\u001f\u007f]/.test(name)

const names = (list: readonly { readonly name: string }[]): readonly string[] => list.map(({ name }) => name)

const refused = (reason: string, what: readonly string[]): Refused => ({
  kind: 'refused',
  reason,
  detail: { who: what.slice(0, 12) },
})
