import type { SecretName } from '../catalog/schema.ts'
import type { RestorePoint, Verified } from './types.ts'

/** What this room needs from outside; `Services` of the operations fits, with a scratch folder added. */
export type BackupDeps = {
  /** The value of a secret that the catalog names. @throws Error that names the variable or file, never the value */
  secret(name: SecretName): Promise<string>
  /** A folder for downloads and unwrapped copies, on a disk large enough; made when missing. */
  readonly scratch: string
  /** The zone of the dumping machines' clocks. */
  readonly timeZone?: string
  /** What was found earlier in the same bytes. */
  verified?(point: { readonly id: string; readonly identity: string }): Promise<Verified | undefined>
  /** Ends reading and its children. */
  readonly signal?: AbortSignal
}

/** A point as a local file or folder that pg_restore or psql can read. */
export type OpenedPoint = {
  readonly point: RestorePoint
  readonly kind: 'pg-custom' | 'pg-directory' | 'pg-plain'
  readonly path: string
  /** Of the stored bytes, where opening had to read them anyway. */
  readonly sha256: string | undefined
  /** Whether the files are still those that were opened: ask after the gate and before the restore. */
  unchanged(): Promise<boolean>
  /** Removes what opening made; never the backup. */
  close(): Promise<void>
}
