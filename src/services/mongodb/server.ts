import { EJSON } from 'bson'
import type { Document } from 'mongodb'
import type { Connected } from './client.ts'
import { ownName } from './names.ts'

export type ServerFacts = {
  /** As buildInfo says it. */
  readonly version: string
  /** `ferretdb`: its first version, which speaks MongoDB's protocol and lacks a part of it. */
  readonly kind: 'mongod' | 'mongos' | 'ferretdb'
  readonly replicaSet: boolean
  /** Longest `database.collection`, in bytes. */
  readonly nameBytes: number
}

export type LiveCollection = {
  readonly name: string
  readonly type: 'collection' | 'view' | 'timeseries'
  /** 32 hexadecimal digits; it stays through renames. Views have none. */
  readonly uuid: string | undefined
  /** Canonical Extended JSON; of a view with `viewOn` and `pipeline`. */
  readonly options: string
}

/** @throws what the driver throws */
export async function readServer({ client }: Connected): Promise<ServerFacts> {
  const admin = client.db('admin')
  const [build, hello] = await Promise.all([admin.command({ buildInfo: 1 }), admin.command({ hello: 1 })])
  const version = String(build['version'] ?? '')
  const kind = hello['msg'] === 'isdbgrid' ? 'mongos' : build['ferretdbVersion'] === undefined ? 'mongod' : 'ferretdb'
  return { version, kind, replicaSet: typeof hello['setName'] === 'string', nameBytes: nameBytesOf(version, kind) }
}

/** 255 bytes since MongoDB 4.4 (manual, "Limits"); FerretDB allows 235 for the collection alone. */
function nameBytesOf(version: string, kind: ServerFacts['kind']): number {
  if (kind === 'ferretdb') return 235
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 4 || (major === 4 && minor >= 4) ? 255 : 120
}

/** Everything in the database, the bot's own collections among it; without the server's (`system.`). */
export async function listAll({ db }: Connected): Promise<readonly LiveCollection[]> {
  const found = await db.listCollections({}, { nameOnly: false }).toArray()
  return found
    .map((each: Document) => ({
      name: String(each['name']),
      type: typeOf(each['type']),
      uuid: uuidOf(each['info']),
      options: EJSON.stringify(each['options'] ?? {}, { relaxed: false }),
    }))
    .filter(({ name }) => !name.startsWith('system.'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** What is in use: without what the bot put beside. */
export const inUse = (all: readonly LiveCollection[]): readonly LiveCollection[] =>
  all.filter(({ name }) => ownName(name) === undefined)

const typeOf = (type: unknown): LiveCollection['type'] =>
  type === 'view' || type === 'timeseries' ? type : 'collection'

/** The driver brings its own copy of the library that makes such values, so that `instanceof` tells nothing. */
function uuidOf(info: Document | undefined): string | undefined {
  const uuid: unknown = info?.['uuid']
  if (typeof uuid !== 'object' || uuid === null || !('buffer' in uuid)) return undefined
  return uuid.buffer instanceof Uint8Array ? Buffer.from(uuid.buffer.subarray(0, 16)).toString('hex') : undefined
}

export type Size = { readonly documents: number; readonly bytes: number }

/** How much a collection holds, by the server's own counters. */
export async function sizeOf({ db }: Connected, collection: string): Promise<Size> {
  const stats = await db.command({ collStats: collection })
  return { documents: Number(stats['count'] ?? 0), bytes: Number(stats['size'] ?? 0) }
}
