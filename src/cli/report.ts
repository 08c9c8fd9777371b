import type { Catalog } from '../catalog/schema.ts'
import type { RunRow, StepRow } from '../store/types.ts'

/** One run as programs read it; the shape is a contract. */
export type RunReport = {
  readonly run: string
  readonly operation: string
  readonly target: string
  readonly state: RunRow['state']
  readonly outcome: {
    readonly kind: string
    readonly reason: string
    readonly detail: Readonly<Record<string, unknown>>
  } | null
  readonly plan: { readonly hash: string; readonly expiresAt: string | null } | null
  readonly steps: readonly {
    readonly name: string
    readonly state: string
    readonly startedAt: string | null
    readonly endedAt: string | null
  }[]
  readonly requestedBy: string
  readonly confirmedBy: string | null
}

export function reportOf(catalog: Catalog, run: RunRow, steps: readonly StepRow[]): RunReport {
  return {
    run: run.id,
    operation: run.operation,
    target: targetName(catalog, run.subject),
    state: run.state,
    outcome: run.outcome ?? null,
    plan:
      run.planHash === undefined ? null : { hash: run.planHash, expiresAt: run.planExpiresAt?.toISOString() ?? null },
    steps: steps.map((step) => ({
      name: step.name,
      state: step.state,
      startedAt: step.startedAt?.toISOString() ?? null,
      endedAt: step.endedAt?.toISOString() ?? null,
    })),
    requestedBy: run.actor.name,
    confirmedBy: run.confirmedBy?.name ?? null,
  }
}

/** `porttrack/porttrack-app`: the namespace and the catalog's name. */
export function targetName(catalog: Catalog, subject: RunRow['subject']): string {
  const app = subject.kind === 'app' ? catalog.apps[subject.name] : undefined
  return app === undefined ? subject.name : `${app.namespace}/${subject.name}`
}
