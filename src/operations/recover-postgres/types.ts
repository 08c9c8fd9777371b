import type { Contents, RestorePoint, Warning } from '../../backups/types.ts'
import type { Answer } from '../../services/postgres/ask.ts'
import type { MissingRight, ServerFacts } from '../../services/postgres/live-facts.ts'
import type { LossPreview } from '../../services/postgres/loss.ts'
import type { Proof } from '../../services/postgres/prove.ts'
import type { Surroundings } from '../../services/postgres/surroundings.ts'

export type AppMode = 'keep' | 'scale'

/** A replaced database that still stands: by OID, since names change. */
export type BackTo = { readonly run: string; readonly name: string; readonly oid: number }

export type RecoverParams = {
  /** The database's name in the catalog. */
  readonly database: string
  /** `PLACE/NAME`; absent: the newest restore point that is not known to be bad. */
  readonly point?: string | undefined
  /** Only a copy to look at: nothing is replaced. */
  readonly copy?: boolean | undefined
  /** The way back: the database that an earlier run replaced. */
  readonly backTo?: BackTo | undefined
  /** Absent: as the catalog says. */
  readonly apps?: AppMode | undefined
  readonly reason?: string | undefined
}

export type LiveNow =
  | { readonly kind: 'there'; readonly bytes: number; readonly tables: number }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unreadable'; readonly why: string }

export type RecoverFacts = {
  readonly database: string
  readonly environment: string
  readonly readAt: string
  /** Its name on the server. */
  readonly name: string
  readonly live: LiveNow
  readonly surroundings: Surroundings | undefined
  readonly server: Pick<ServerFacts, 'preparedTransactions' | 'replication' | 'inactiveSlots'>
  readonly rights: { readonly user: string; readonly superuser: boolean; readonly missing: readonly MissingRight[] }
  readonly points: readonly RestorePoint[]
  /** What undo would bring back, as it stands now. */
  readonly kept: { readonly name: string; readonly oid: number; readonly bytes: number } | undefined
  readonly apps: readonly string[]
  readonly appMode: AppMode
  readonly keepHours: number
}

export type Shadow = { readonly name: string; readonly oid: number }

/** What was found before people decide; they approve it. */
export type Prepared = {
  readonly shadow: Shadow
  /** Of the backup's bytes. Undefined for a way back. */
  readonly sha256: string | undefined
  readonly dataAt: string | undefined
  readonly warnings: readonly Warning[]
  readonly proof: Proof | undefined
  readonly answers: readonly Answer[]
  readonly migration: { readonly live: string | undefined; readonly next: string | undefined } | undefined
  readonly newest: string | undefined
  /** Undefined: the live database cannot be compared, and `lossUnknown` says why. */
  readonly loss: LossPreview | undefined
  readonly lossUnknown: string | undefined
  readonly restoreSeconds: number | undefined
}

export type RecoverPlan = {
  readonly kind: 'backup' | 'copy' | 'undo'
  readonly database: string
  readonly environment: string
  readonly name: string
  readonly point: RestorePoint | undefined
  readonly backTo: BackTo | undefined
  readonly live: LiveNow
  /** OID of the live database when the plan was made. Undefined: it is gone. */
  readonly liveOid: number | undefined
  readonly apps: readonly string[]
  readonly appMode: AppMode
  readonly keepHours: number
  readonly expectedSeconds: number
  readonly inactiveSlots: readonly string[]
  readonly readAt: string
  readonly prepared: Prepared | undefined
}

/** The backup, judged; `contents` is what the copy is held against. */
export type Judged =
  | {
      readonly kind: 'good'
      readonly contents: Contents
      readonly sha256: string
      readonly identity: string
      readonly serverMajor: number
      readonly warnings: readonly Warning[]
    }
  | { readonly kind: 'refused'; readonly reason: string; readonly detail: Record<string, unknown> }
