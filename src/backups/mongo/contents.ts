import { setImmediate } from 'node:timers/promises'
import type { BackupsEntry } from '../../catalog/schema.ts'
import { BadBackup, shown } from '../fault.ts'
import { type Metadata, readMetadata } from './metadata.ts'
import { accountNames, checkDatabaseName, judgeName } from './names.ts'
import type { NamespaceRead } from './namespaces.ts'
import type { MongoAccounts, MongoCollection, MongoContents, MongoLiveFacts, MongoView } from './types.ts'
import { checkChains } from './view.ts'

/** What people should know of the contents although a restore does not need it. */
export type Notes = {
  readonly unknown: readonly string[]
  readonly code: readonly string[]
  readonly oddTexts: readonly string[]
  readonly noMetadata: readonly string[]
}

type Parts = Pick<
  MongoContents,
  'collections' | 'views' | 'leftOut' | 'documents' | 'dataBytes' | 'accounts' | 'newestId'
> & { readonly notes: Notes }

const ofTheServer: ReadonlySet<string> = new Set(['admin', 'config', 'local'])

/**
 * Which database of a backup is meant: the live one's name before other names of it.
 * @param names of everything in the backup
 * @throws BadBackup `other_database`, `no_collections`, `name_not_allowed`
 */
export function chooseDatabase(
  names: readonly string[],
  live: MongoLiveFacts,
  backups: Pick<BackupsEntry, 'dumpedAs'>,
): string {
  for (const name of names) checkDatabaseName(name)
  const meant = [live.database, ...backups.dumpedAs].find((name) => names.includes(name))
  if (meant !== undefined) return meant
  const others = names.filter((name) => !ofTheServer.has(name))
  if (others.length === 0) throw new BadBackup('no_collections', 'it holds no collection of any application')
  throw new BadBackup('other_database', `it is a dump of ${others.slice(0, 4).map(quoted).join(', ')}`)
}

const quoted = (name: string) => `"${shown(name, 40)}"`

/** Between two collections other work of the process goes on. @throws BadBackup; AbortError when stopped */
export async function partsOf(
  namespaces: readonly NamespaceRead[],
  database: string,
  signal: AbortSignal,
): Promise<Parts> {
  const own = namespaces.filter((one) => one.database === database && !accountNames.has(one.name))
  const collections: MongoCollection[] = []
  const views: MongoView[] = []
  const leftOut: string[] = []
  const unknown = new Set<string>()
  const code: string[] = []
  for (const one of own) {
    if (judgeName(database, one.name) === 'leave_out') {
      leftOut.push(one.name)
      continue
    }
    await setImmediate(undefined, { signal })
    const metadata = metadataOf(one, database)
    for (const word of metadata?.unknown ?? []) unknown.add(`${word} (${shown(one.name, 40)})`)
    if ((metadata?.code.length ?? 0) > 0) code.push(one.name)
    if (metadata?.view !== undefined) views.push({ name: one.name, ...metadata.view })
    else collections.push(collectionOf(one, metadata))
  }
  if (collections.length === 0) throw new BadBackup('no_collections', `it holds no collection of "${shown(database)}"`)
  checkChains(views)
  const documents = collections.reduce((sum, one) => sum + one.documents, 0)
  return {
    collections: collections.sort(byName),
    views: views.sort(byName),
    leftOut: leftOut.sort(),
    documents,
    dataBytes: collections.reduce((sum, one) => sum + one.bytes, 0),
    accounts: accountsOf(namespaces, database),
    newestId: timeOf(Math.max(0, ...own.map(({ newestId }) => newestId))),
    notes: {
      unknown: [...unknown],
      code,
      oddTexts: own.filter(({ oddTexts }) => oddTexts > 0).map(({ name }) => name),
      noMetadata: collections.filter(({ metadata }) => !metadata).map(({ name }) => name),
    },
  }
}

function metadataOf(one: NamespaceRead, database: string): Metadata | undefined {
  if (one.metadata === undefined) {
    if (one.sum.documents > 0 || (one.type ?? 'collection') !== 'collection')
      throw new BadBackup('member_missing', `nothing tells the options and indexes of ${shown(one.name, 60)}`)
    return undefined
  }
  const metadata = readMetadata(one.metadata, one.name)
  if (metadata.collectionName !== undefined && metadata.collectionName !== one.name)
    throw new BadBackup(
      'damaged',
      `the metadata of ${shown(one.name, 60)} are those of ${shown(metadata.collectionName, 60)}`,
    )
  const other = [...metadata.databases].find((name) => name !== database)
  if (other !== undefined)
    throw new BadBackup('other_database', `the indexes of ${shown(one.name, 60)} are of the database ${quoted(other)}`)
  if (one.type !== undefined && metadata.type !== one.type)
    throw new BadBackup('damaged', `${shown(one.name, 60)} is announced as a ${one.type} and is a ${metadata.type}`)
  if (metadata.type !== 'view' && !one.hasDocuments)
    throw new BadBackup('member_missing', `the documents of ${shown(one.name, 60)} are not in the folder`)
  if (metadata.type === 'view' && one.sum.documents > 0)
    throw new BadBackup('damaged', `the view ${shown(one.name, 60)} has documents`)
  return metadata
}

function collectionOf(one: NamespaceRead, metadata: Metadata | undefined): MongoCollection {
  return {
    name: one.name,
    type: metadata?.type === 'timeseries' ? 'timeseries' : 'collection',
    uuid: metadata?.uuid,
    options: metadata?.options ?? '{}',
    indexes: metadata?.indexes ?? [],
    metadata: metadata !== undefined,
    file: one.file,
    ...one.sum,
  }
}

function accountsOf(namespaces: readonly NamespaceRead[], database: string): MongoAccounts | undefined {
  const count = (of: string, name: string) =>
    namespaces.find((one) => one.database === of && one.name === name)?.sum.documents
  const found = (['database', 'admin'] as const).map((of) => {
    const [db, prefix] = of === 'database' ? [database, '$admin.'] : ['admin', '']
    return { of, users: count(db, `${prefix}system.users`), roles: count(db, `${prefix}system.roles`) }
  })
  const there = found.find(({ users, roles }) => users !== undefined || roles !== undefined)
  return there && { of: there.of, users: there.users ?? 0, roles: there.roles ?? 0 }
}

function timeOf(seconds: number): string | undefined {
  return seconds === 0 ? undefined : new Date(seconds * 1000).toISOString()
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : 1
}
