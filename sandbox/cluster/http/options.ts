import type { Logs } from '../api/logs.ts'
import type { Registry } from '../api/registry.ts'
import type { Faults } from '../faults.ts'
import type { Tokens } from './authenticate.ts'
import type { RequestLog } from './requests.ts'
import type { Credentials } from './tls.ts'

export type HttpOptions = {
  readonly port: number
  readonly credentials: Credentials
  readonly registry: Registry
  readonly tokens: Tokens
  readonly faults: Faults
  readonly log: RequestLog
  readonly logs: Logs
  readonly bookmarkMs: number
}
