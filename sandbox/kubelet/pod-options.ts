import type { RawObject } from '../../src/services/kubernetes/api/json.ts'
import type { Api } from './api.ts'
import type { Clock } from './clock.ts'
import type { Recorder } from './events.ts'
import type { LogHandover } from './log-handover.ts'

export type PodOptions = {
  readonly api: Api
  readonly clock: Clock
  readonly recorder: Recorder
  readonly logs: LogHandover
  readonly raw: RawObject
  /** What the node has pulled. */
  readonly images: Set<string>
  readonly hostIP: string
  /** A free address of the node. */
  readonly giveAddress: () => string
  readonly rebooted: boolean
}
