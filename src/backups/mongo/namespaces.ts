import type { MultisetSum } from '../../services/mongodb/multiset.ts'

/** One namespace of a backup, read whole. */
export type NamespaceRead = {
  readonly database: string
  /** Of a time series its own, not that of its buckets. */
  readonly name: string
  /** Undefined: only the metadata tell, as in folders and in archives of old tools. */
  readonly type: 'collection' | 'view' | 'timeseries' | undefined
  /** Whether there is a place for its documents at all, be it empty; an archive has one also for a view. */
  readonly hasDocuments: boolean
  /** Extended JSON. */
  readonly metadata: string | undefined
  readonly sum: MultisetSum
  /** In seconds since 1970; 0: none is an ObjectId. */
  readonly newestId: number
  /** Documents with text that is not UTF-8. */
  readonly oddTexts: number
  /** Of a folder. */
  readonly file: string | undefined
}
