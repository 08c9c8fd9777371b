import type { MongoContents, MongoWarning } from '../../backups/mongo/types.ts'
import type { SafetyTaken } from '../../backups/safety.ts'
import type { RestorePoint } from '../../backups/types.ts'
import type { LossPreview } from '../../services/mongodb/loss.ts'
import type { Proof } from '../../services/mongodb/prove.ts'
import type { Rename } from '../../services/mongodb/rename.ts'
import type { Rights } from '../../services/mongodb/rights.ts'
import type { LiveCollection, ServerFacts } from '../../services/mongodb/server.ts'
import type { FoundTools } from '../../services/mongodb/tools.ts'
import type { ViewChange } from '../../services/mongodb/views.ts'
import type { Refused } from '../restoring/verdict.ts'

export type AppMode = 'keep' | 'scale'

/** What happens to collections that the backup does not have: they stay in use, or are kept beside like the replaced ones. */
export type OnlyLive = 'keep' | 'aside'

export type RecoverMongoParams = {
  /** The database's name in the catalog. */
  readonly database: string
  /** `PLACE/NAME`; absent: the newest restore point that is not known to be bad. */
  readonly point?: string | undefined
  /** Only a copy to look at, in a database of its own: nothing is replaced. */
  readonly copy?: boolean | undefined
  /** Absent: keep. */
  readonly onlyLive?: OnlyLive | undefined
  /** Users and roles of the backup too. */
  readonly users?: boolean | undefined
  /** Absent: as the catalog says. */
  readonly apps?: AppMode | undefined
  /** The way back: the collections that an earlier run replaced. */
  readonly backTo?: BackTo | undefined
  readonly reason?: string | undefined
}

export type BackTo = { readonly run: string }

export type LiveNow =
  | { readonly kind: 'there'; readonly bytes: number; readonly collections: number; readonly documents: number }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unreadable'; readonly why: string }

/** What a run put beside when it exchanged, from its outcome: what its way back needs. */
export type Kept = {
  readonly run: string
  readonly dropAfter: string
  /** What was done: each collection by its UUID, from what it was called to what it is called since. */
  readonly renames: readonly Rename[]
  readonly views: readonly ViewChange[]
}

export type RecoverMongoFacts = {
  readonly database: string
  readonly environment: string
  readonly readAt: string
  /** Its name on the server. */
  readonly name: string
  readonly server: ServerFacts
  readonly rights: Rights
  readonly tools: FoundTools
  readonly live: LiveNow
  /** In use: without what the bot put beside. */
  readonly collections: readonly LiveCollection[]
  /** What the bot put beside and still stands there, by name. */
  readonly beside: readonly LiveCollection[]
  readonly points: readonly RestorePoint[]
  /** What undo would bring back; undefined where the run left nothing of the kind. */
  readonly kept: Kept | undefined
  readonly apps: readonly string[]
  readonly appMode: AppMode
  readonly keepHours: number
  /** The catalog names a place for a backup of what would be replaced. */
  readonly safety: boolean
}

/** Where the backup is restored: under a prefix in the same database, or in a database of its own. */
export type Beside = { readonly database: string; readonly prefix: string }

/** What was found before people decide; they approve it. */
export type Prepared = {
  readonly beside: Beside | undefined
  /** What the exchange does, in order. Empty for a copy. */
  readonly renames: readonly Rename[]
  readonly views: readonly ViewChange[]
  /** Collections that the backup does not have; what happens to them, the plan says. */
  readonly onlyLive: readonly { readonly name: string; readonly documents: number }[]
  /** Of the backup's bytes. Undefined for a way back. */
  readonly sha256: string | undefined
  readonly dataAt: string | undefined
  /** The time in the newest `_id`. */
  readonly newest: string | undefined
  readonly warnings: readonly MongoWarning[]
  readonly proof: Proof | undefined
  /** Documents of each collection that is put in use. */
  readonly counts: readonly { readonly name: string; readonly documents: number }[]
  /** Undefined: nothing in use could be compared, and `lossUnknown` says why. */
  readonly loss: LossPreview | undefined
  readonly lossUnknown: string | undefined
  readonly restoreSeconds: number | undefined
  /** The backup of what would be replaced. Undefined: the catalog names no place for it. */
  readonly safety: SafetyTaken | undefined
}

export type RecoverMongoPlan = {
  readonly kind: 'backup' | 'copy' | 'undo'
  readonly database: string
  readonly environment: string
  readonly name: string
  readonly point: RestorePoint | undefined
  readonly backTo: BackTo | undefined
  readonly kept: Kept | undefined
  readonly live: LiveNow
  readonly onlyLive: OnlyLive
  readonly apps: readonly string[]
  readonly appMode: AppMode
  readonly keepHours: number
  /** What is in use is dumped first. */
  readonly safety: boolean
  readonly expectedSeconds: number
  readonly readAt: string
  readonly prepared: Prepared | undefined
}

/** The backup, judged; `contents` is what the copy is held against. */
export type Judged =
  | {
      readonly kind: 'good'
      readonly contents: MongoContents
      readonly sha256: string
      readonly identity: string
      readonly warnings: readonly MongoWarning[]
    }
  | Refused
