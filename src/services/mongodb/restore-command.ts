import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/** What one mongorestore is given through its standard input. */
export type Feed = {
  readonly bytes: number
  open(): Readable
  /** Which namespaces it takes and what they become; of a single collection's BSON, where it goes. */
  readonly target:
    | {
        readonly kind: 'archive'
        /** Of the backup, and its collections that are taken; nothing else of the archive is. */
        readonly database: string
        readonly collections: readonly string[]
        /** Where they go, and what is put before each name. */
        readonly into: string
        readonly prefix: string
      }
    | { readonly kind: 'collection'; readonly database: string; readonly collection: string }
  /** Documents that must arrive. */
  readonly documents: number
}

/** Without indexes and options: these come from the backup's own metadata afterwards. One writer, so that the order is the backup's. */
const always = [
  '--stopOnError',
  '--objcheck',
  '--noIndexRestore',
  '--noOptionsRestore',
  '--numParallelCollections=1',
  '--numInsertionWorkersPerCollection=1',
]
/** Ends the tool also when the bot itself was killed and its standard input did not end it. */
const guard = ['/usr/bin/timeout', '/bin/timeout'].find((path) => existsSync(path))

/** The program with its arguments: no secret among them. */
export function commandOf(
  { programs, settings }: { readonly programs: string; readonly settings: string },
  target: Feed['target'],
  limitMs: number,
): [string, readonly string[]] {
  const program = join(programs, 'mongorestore')
  const what =
    target.kind === 'archive'
      ? [
          '--archive',
          ...target.collections.map((name) => `--nsInclude=${exactly(`${target.database}.${name}`)}`),
          `--nsFrom=${target.database}.*`,
          `--nsTo=${target.into}.${target.prefix}*`,
        ]
      : [`--db=${target.database}`, `--collection=${target.collection}`]
  const args = [`--config=${settings}`, ...what, ...always, ...(target.kind === 'archive' ? [] : ['-'])]
  return guard === undefined
    ? [program, args]
    : [guard, ['-s', 'KILL', String(Math.ceil(limitMs / 1000) + 5), program, ...args]]
}

/** In the patterns of the tools only these two say something. */
const exactly = (namespace: string): string => namespace.replace(/[\\*]/g, '\\$&')

/** "30000 document(s) restored successfully. 0 document(s) failed to restore." */
export function arrived(last: string | undefined, documents: number): boolean {
  const match = /^(\d+) document\(s\) restored successfully\. (\d+) document\(s\) failed to restore\.$/.exec(last ?? '')
  return match !== null && Number(match[1]) === documents && Number(match[2]) === 0
}

/** Why it failed, in the tool's own words; values of documents are left out. */
export function whyOf(said: readonly string[], code: number, documents: number): string {
  const failed = said.find((line) => /^Failed:|error/i.test(line))
  if (failed !== undefined) return failed.replace(/dup key: .*$/s, 'dup key').slice(0, 300)
  const last = said.at(-1)
  if (code === 0) return `mongorestore says "${last ?? ''}"; ${documents} documents were expected`
  return last ?? `exit ${code}`
}
