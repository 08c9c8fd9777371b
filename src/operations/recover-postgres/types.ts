import type { SafetyTaken } from '../../backups/safety.ts'
import type { Contents, RestorePoint, Warning } from '../../backups/types.ts'
import type { Answer } from '../../services/postgres/ask.ts'
import type { MissingRight, ServerFacts } from '../../services/postgres/live-facts.ts'
import type { LossPreview } from '../../services/postgres/loss.ts'
import type { Proof } from '../../services/postgres/prove.ts'
import type { Surroundings } from '../../services/postgres/surroundings.ts'
import type { Floor } from '../../services/postgres/tables/sequences.ts'

export type AppMode = 'keep' | 'scale'

/** A replaced database that still stands: by OID, since names change. */
export type BackTo = {
  readonly run: string
  readonly name: string
  readonly oid: number
  /** Where tables were that were replaced alone; `name` is then the schema where they are kept. */
  readonly schema?: string | undefined
}

/** A table as `schema.table`, or as its name alone where only one schema has it. */
export type Scope = { readonly kind: 'table' | 'schema'; readonly name: string }

export type RecoverParams = {
  /** The database's name in the catalog. */
  readonly database: string
  /** `PLACE/NAME`; absent: the newest restore point that is not known to be bad. */
  readonly point?: string | undefined
  /** Only this table, or the tables of this schema; absent: the whole database. */
  readonly scope?: Scope | undefined
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
  /** The place for a backup of what is replaced; undefined: the catalog names none. */
  readonly safetyPlace: string | undefined
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
  /** The backup of what would be replaced. Undefined: the catalog names no place for it. */
  readonly safety: SafetyTaken | undefined
  /** Undefined: the whole database is exchanged. */
  readonly tables: TablesPlan | undefined
}

/** Tables that are replaced alone, as they are in the live database. */
export type TablesPlan = {
  /** `create`: none of them is there any more, and nothing is replaced. */
  readonly way: 'exchange' | 'create'
  readonly schema: string
  readonly tables: readonly { readonly name: string; readonly oid: number | undefined; readonly bytes: number }[]
  readonly views: readonly string[]
  readonly triggers: readonly string[]
  readonly policies: readonly string[]
  /** Foreign keys between them and others; `broken` is how many rows would refer to nothing. */
  readonly keys: readonly {
    readonly name: string
    readonly way: 'out' | 'in'
    readonly table: string
    readonly other: string
    readonly broken: number
  }[]
  readonly floors: readonly Floor[]
}

export type RecoverPlan = {
  /** Undefined: the whole database. */
  readonly scope: Scope | undefined
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
  /** The place for a backup of what is replaced; undefined: the catalog names none. */
  readonly safetyPlace: string | undefined
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
export type Good = Extract<Judged, { kind: 'good' }>
