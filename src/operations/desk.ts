import type { RunId } from '../store/types.ts'
import type { Services } from './services.ts'
import type { AnyOperation } from './types.ts'

/** What every surface (commands, buttons, terminal, watchers) needs to ask for and steer runs. Built once in main.ts. */
export type Desk = {
  readonly services: Services
  readonly operations: ReadonlyMap<string, AnyOperation>
  /** Workflows of runs, registered with the engine before it launches. */
  readonly workflows: RunWorkflows
}

export type RunWorkflows = {
  /** Starts the workflow of a created run; the run's id is the workflow's id, so a second start is a no-op. */
  start(id: string): Promise<{ readonly kind: 'started' } | { readonly kind: 'store_away' }>
  /** Begins the run's execution in this process, when its target is free and before its waiting part wakes; safe to repeat. */
  execute(id: RunId, target: string): Promise<void>
  /** Wakes a waiting run after its decision was written to the store; safe to repeat. */
  wake(id: string): Promise<void>
}
