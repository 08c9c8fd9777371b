import type { SecretName } from '../catalog/schema.ts'
import type { ToolFolders } from '../services/postgres/tools.ts'
import type { RestorePoint, Verified } from './types.ts'

/** What this room needs from outside; `Services` of the operations fits, with a scratch folder added. */
export type BackupDeps = {
  /** The value of a secret that the catalog names. @throws Error that names the variable or file, never the value */
  secret(name: SecretName): Promise<string>
  /** A folder for downloads and unwrapped copies, on a disk large enough; made when missing. */
  readonly scratch: string
  /** Where pg_restore may be; absent: in the usual folders only. */
  readonly postgresTools?: ToolFolders
  /** The zone of the dumping machines' clocks. */
  readonly timeZone?: string
  /** What was found earlier in the same bytes. `sha256`: what their sidecar says now. */
  verified?(point: {
    readonly id: string
    readonly identity: string
    readonly sha256?: string
  }): Promise<Verified | undefined>
  /** Ends reading and its children. */
  readonly signal?: AbortSignal
}

export type PostgresKind = 'pg-custom' | 'pg-directory' | 'pg-plain'
export type MongoKind = 'mongo-archive' | 'mongo-directory'

/** A point as a local file or folder that pg_restore or psql can read; of MongoDB, mongorestore. */
export type OpenedPoint<Kind extends PostgresKind | MongoKind = PostgresKind> = {
  readonly point: RestorePoint
  readonly kind: Kind
  readonly path: string
  /** Of the stored bytes, where opening had to read them anyway. */
  readonly sha256: string | undefined
  /** Whether the files are still those that were opened: ask after the gate and before the restore. */
  unchanged(): Promise<boolean>
  /** Removes what opening made; never the backup. */
  close(): Promise<void>
}
