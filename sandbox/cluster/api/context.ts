/** Who writes, and how. */
export type Caller = {
  readonly user: string
  readonly groups: readonly string[]
  readonly userAgent?: string
}

export type WriteOptions = {
  readonly caller: Caller
  readonly fieldManager?: string
  readonly dryRun?: boolean
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore'
  /** Creation time and status of the body are kept, for the seed of the example world; a real API server ignores the wish. */
  readonly backdate?: boolean
  /** Warnings that the answer's headers carry. */
  readonly warn?: (text: string) => void
}

export const controllerManager: Caller = {
  user: 'system:kube-controller-manager',
  groups: ['system:masters'],
  userAgent: 'kube-controller-manager',
}
