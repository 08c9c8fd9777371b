/** The embedded PostgreSQL cannot start or is somebody else's; the message names folder and process, and what to do. */
export class EmbeddedError extends Error {
  readonly reason: 'owned' | 'no_binaries' | 'initdb_failed' | 'does_not_start' | 'does_not_answer' | 'not_ours'
  constructor(reason: EmbeddedError['reason'], message: string) {
    super(message)
    this.name = 'EmbeddedError'
    this.reason = reason
  }
}
