import type { MultisetSum } from '../../services/mongodb/multiset.ts'
import type { BackupHeader, Verdict } from '../types.ts'

/**
 * Words: a *namespace* is `database.collection`; *metadata* is what mongodump writes of a collection beside its documents:
 * options, indexes, UUID; *canonical* is canonical Extended JSON v2, which keeps every BSON type and the order of keys.
 */

/** What a restore must bring: read from the backup alone, no server asked. */
export type MongoContents = Omit<BackupHeader, 'databases'> & {
  readonly kind: 'mongo-archive' | 'mongo-directory'
  /** The database that is meant, as the backup calls it: the live one's name, or one of `dumpedAs`. */
  readonly database: string
  /** All that lie in the backup, with `database`; the others are not restored. */
  readonly databases: readonly string[]
  /** Of `database`; views and system collections apart. By name. */
  readonly collections: readonly MongoCollection[]
  /** Of `database`. By name. */
  readonly views: readonly MongoView[]
  /** Collections of `database` that a restore must leave out (`--nsExclude`): `system.js` and other system collections, and what
   * this bot had put beside (`__r42__ships`, `__old42__ships`). They are not in `collections`. */
  readonly leftOut: readonly string[]
  /** Of all collections of `database`. */
  readonly documents: number
  /** BSON bytes of the same. */
  readonly dataBytes: number
  /** Accounts that the backup brings; undefined: it brings none. */
  readonly accounts: MongoAccounts | undefined
  /** Whether it brings the writes that arrived while it was dumped (`--oplog`); a restore of one database cannot replay them. */
  readonly oplog: boolean
  /** How many collections were dumped at the same time: mongorestore needs as many workers. Archives only. */
  readonly concurrentCollections: number | undefined
  /** `--gzip`: the files of the folder are packed. Never of an archive, whose wrapping opening takes off. */
  readonly gzip: boolean
  /** The time in the newest `_id` that is an ObjectId, ISO 8601: the data are at least as new. */
  readonly newestId: string | undefined
}

export type MongoCollection = MultisetSum & {
  /** Without the database. */
  readonly name: string
  /** `timeseries`: documents are the buckets in `system.buckets.NAME`. */
  readonly type: 'collection' | 'timeseries'
  /** 32 hexadecimal digits. */
  readonly uuid: string | undefined
  /** What createCollection is given, canonical: capped, validator, collation, ...; `{}` where there are none. */
  readonly options: string
  /** With `_id_`, in the order of the backup. */
  readonly indexes: readonly MongoIndex[]
  /** Whether the backup tells options and indexes at all. */
  readonly metadata: boolean
  /** Of a folder: the file in it that holds the documents. */
  readonly file: string | undefined
}

export type MongoIndex = {
  readonly name: string
  /** Canonical. */
  readonly key: string
  /** What createIndexes is given: `key`, `name` and options, without `ns`; canonical. */
  readonly spec: string
}

export type MongoView = {
  readonly name: string
  readonly viewOn: string
  /** Canonical array. */
  readonly pipeline: string
  /** Canonical; undefined: none. */
  readonly collation: string | undefined
}

export type MongoAccounts = {
  readonly users: number
  readonly roles: number
  /** `database`: made with --dumpDbUsersAndRoles; `admin`: of the whole server. */
  readonly of: 'database' | 'admin'
}

/** Does not stop a restore, but those who approve should know. */
export const mongoWarningReasons = [
  'no_checksum',
  'unprotected_data',
  'unprotected_metadata',
  'no_metadata',
  'unknown_metadata',
  'odd_text',
  'left_out',
  'runs_code',
  'oplog_unused',
  'other_databases',
  'server_unknown',
  'disk_unknown',
] as const
export type MongoWarning = { readonly reason: (typeof mongoWarningReasons)[number]; readonly detail: string }

export type MongoVerdict = Verdict<MongoContents, MongoWarning>

/** What the gate must know of the live server; read by the caller, as data. */
export type MongoLiveFacts = {
  /** The live database's name, whether it still exists or not. */
  readonly database: string
  /** As buildInfo says it, such as `7.0.14`. */
  readonly serverVersion: string
  /** Of mongorestore, such as `100.10.0`; undefined: unknown. */
  readonly toolVersion?: string
  /** On the server's data disk; undefined where nothing can tell. */
  readonly freeBytes: number | undefined
}
