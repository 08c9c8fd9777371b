/**
 * Words: a *place* is where backups lie (a folder, a bucket); a *restore point* is one backup in it; to *open* a point is
 * to make it a local, unwrapped file or folder; the *gate* reads it whole and says what it is worth.
 */

/** What a backup is by its content; its name is never asked. */
export type BackupKind =
  | 'pg-custom'
  | 'pg-directory'
  | 'pg-plain'
  | 'pg-tar'
  | 'mongo-archive'
  | 'mongo-directory'
  | 'foreign'
  | 'empty'
  | 'unreadable'

/** A compression around the whole file, not the one inside an archive. */
export type Wrapping = 'none' | 'gzip' | 'zstd'

/** What an archive says of itself in its first bytes; a plain file says less. */
export type BackupHeader = {
  /** When the dump began, ISO 8601; archives keep the dumping machine's clock without its zone, which the catalog tells. */
  readonly dumpedAt?: string
  /** Of the server that was dumped, such as `15.18`. */
  readonly serverVersion?: string
  /** Of the program that dumped. */
  readonly dumpVersion?: string
  readonly database?: string
  /** Where it holds more than one, without the server's own. */
  readonly databases?: readonly string[]
  /** Inside the archive. */
  readonly compression?: 'none' | 'gzip' | 'lz4' | 'zstd'
}

export type RestorePoint = BackupHeader & {
  /** `PLACE/NAME`: what people write after `--from`. */
  readonly id: string
  /** A key of the catalog's `databases.*.backups.places`. */
  readonly place: string
  /** Inside the place; may hold `/`. */
  readonly name: string
  readonly kind: BackupKind
  readonly wrapping: Wrapping
  /** Whether a changed byte of its rows would be seen without a sidecar: gzip and most zstd carry sums of their own. Of MongoDB: whether any changed byte would be. */
  readonly sums: boolean
  /** As stored. */
  readonly sizeBytes: number
  readonly modifiedAt: string
  /** What data would be as old as: `dumpedAt`, or else `modifiedAt`, which is later by the time that the dump took. */
  readonly dataAt: string
  /** From the sidecar `NAME.sha256`; undefined: there is none. For a folder, of the sidecar itself. */
  readonly sha256?: string
  /** Changes whenever the stored bytes change: sizes, times and inode numbers or the bucket's ETag, hashed. */
  readonly identity: string
  /** Seen at the first look already: why it can never be restored here. */
  readonly problem?: Problem
  /** What the gate found earlier in these same bytes. */
  readonly verified?: Verified
}

export type Verified = {
  readonly at: string
  readonly good: boolean
  /** A word of `badReasons`, as it was kept. */
  readonly reason?: string | undefined
}

/** The backup itself is not fit to be restored. */
export const badReasons = [
  'empty',
  'foreign',
  'unreadable',
  'other_engine',
  'other_database',
  'tar_unsupported',
  'plain_not_allowed',
  'form_unsupported',
  'truncated',
  'damaged',
  'checksum_mismatch',
  'checksum_missing',
  'member_missing',
  'member_unexpected',
  'not_a_regular_file',
  'too_large',
  'changed_while_read',
  'hostile_statement',
  'untrusted_language',
  'no_tables',
  'no_collections',
  'name_not_allowed',
  'hostile_view',
] as const
export type BadReason = (typeof badReasons)[number]

/** Reasons that lie in the bytes alone: only these may be kept as a verdict on them. `checksum_mismatch` lies in the sidecar as well, and is kept for the two together. */
export const lastingReasons: ReadonlySet<BadReason> = new Set<BadReason>([
  'empty',
  'foreign',
  'tar_unsupported',
  'form_unsupported',
  'truncated',
  'damaged',
  'member_missing',
  'member_unexpected',
  'hostile_statement',
  'untrusted_language',
  'no_tables',
  'no_collections',
  'name_not_allowed',
  'hostile_view',
])

/** The backup may be good, but not for this server now. */
export const blockReasons = [
  'server_older',
  'dump_tool_newer',
  'encoding_differs',
  'roles_missing',
  'extensions_missing',
  'tablespaces_missing',
  'disk_short',
  'prepared_transactions',
  'replication_active',
] as const
export type BlockReason = (typeof blockReasons)[number]

/** It could not be judged: never green. */
export const unknownReasons = [
  'tool_missing',
  'tool_older',
  'tool_killed',
  'time_limit',
  'scratch_full',
  'place_away',
  'stopped',
] as const
export type UnknownReason = (typeof unknownReasons)[number]

/** `detail` is a short English text for the thread and the log: names, numbers, positions; never data of rows. */
export type Problem = { readonly reason: BadReason; readonly detail: string }

export const warningReasons = [
  'no_checksum',
  'unprotected_data',
  'disk_unknown',
  'inactive_slots',
  'subscriptions',
  'publications',
  'database_unknown',
  'runs_code',
] as const
/** Does not stop a restore, but those who approve should know. */
export type Warning = { readonly reason: (typeof warningReasons)[number]; readonly detail: string }

/** @template Found what a backup of this engine holds @template Told its warnings */
export type Verdict<Found = Contents, Told = Warning> =
  | {
      readonly kind: 'good'
      readonly contents: Found
      /** Of the stored bytes; of a folder, over `NAME SIZE SHA256` lines of its members. */
      readonly sha256: string
      readonly sidecar: 'matches' | 'absent'
      readonly warnings: readonly Told[]
      readonly tookMs: number
    }
  | { readonly kind: 'bad'; readonly reason: BadReason; readonly detail: string }
  | {
      readonly kind: 'blocked'
      readonly blocks: readonly Block[]
      readonly contents: Found
      readonly sha256: string
    }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason; readonly detail: string }

export type Block = { readonly reason: BlockReason; readonly detail: string }

/** What a restore must bring: read from the backup alone, no server asked. */
export type Contents = BackupHeader & {
  readonly kind: 'pg-custom' | 'pg-directory' | 'pg-plain'
  readonly tables: readonly TableContents[]
  readonly sequences: readonly SequenceContents[]
  /** `sha256`: the SHA-256 of `OID:` and the bytes of each, as numbers, added modulo 2^256. */
  readonly largeObjects: { readonly count: number; readonly bytes: number; readonly sha256: string }
  /** COPY bytes of all tables: the unit of pg_stat_progress_copy. */
  readonly dataBytes: number
  /** How many objects of each kind in pg_dump's own words: TABLE, INDEX, CONSTRAINT, FK CONSTRAINT, TRIGGER, ... */
  readonly objects: Readonly<Record<string, number>>
  readonly encoding?: string
  /** Owners, grantees and roles of policies; without PUBLIC. */
  readonly roles: readonly string[]
  readonly extensions: readonly string[]
  readonly tablespaces: readonly string[]
  /** UTC offsets seen in timestamps with time zone, such as `+00`, `+02`: the zone in which the dump wrote them. */
  readonly utcOffsets: readonly string[]
}

export type TableContents = {
  readonly schema: string
  readonly name: string
  /** In the order of the data. */
  readonly columns: readonly string[]
  readonly rows: number
  /** What `COPY table (columns) TO STDOUT` writes, line ends counted. */
  readonly bytes: number
  /** Over those bytes, hex. */
  readonly sha256: string
}

export type SequenceContents = {
  readonly schema: string
  readonly name: string
  /** Decimal, since bigint does not fit a number. */
  readonly value: string
  readonly called: boolean
}

/** What the gate must know of the live server; read by the caller, as data. */
export type LiveFacts = {
  /** The live database's name, whether it still exists or not. */
  readonly database: string
  /** `server_version_num`, such as 150018. */
  readonly serverVersion: number
  readonly encoding?: string
  readonly roles: readonly string[]
  /** Names that pg_available_extensions lists. */
  readonly extensions: readonly string[]
  readonly tablespaces: readonly string[]
  /** On the server's data disk; undefined where nothing can tell. */
  readonly freeBytes: number | undefined
  /** Transaction ids given to PREPARE TRANSACTION in the live database. */
  readonly preparedTransactions: readonly string[]
  /** Logical walsenders and apply workers on the live database: they would block its rename. */
  readonly replication: readonly string[]
  /** Logical slots of the live database that nobody uses now: they would go with it. */
  readonly inactiveSlots: readonly string[]
  /** `schema.table` of the live database, where it can be read: tells the database of a plain dump. */
  readonly tables?: readonly string[]
}
