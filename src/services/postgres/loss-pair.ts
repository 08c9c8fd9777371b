/** One table on both sides. */
export type Pair = {
  readonly name: string
  readonly from: string
  /** The same on the other side, where the table may be in another schema. */
  readonly nextFrom: string
  /** SQL: text that names a row, a hash of that name, and the hash of what the row holds. */
  readonly key: string
  readonly keyHash: string
  readonly hash: string
  readonly keyed: boolean
  /** In how many parts both are compared before rows are. */
  readonly parts: number
  /** SQL: the range of keys that a row lies in, where keys are whole numbers. */
  readonly range: string | undefined
}
