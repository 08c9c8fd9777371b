import { z } from 'zod'
import { colorBlock, emergencyValue, lastHealthy, revisionBlock, rollbackInputs } from '../actions.ts'

const selected = z.object({ selected_option: z.object({ value: z.string() }).nullish() })
const written = z.object({ value: z.string().nullish() })
const ticked = z
  .object({ selected_options: z.array(z.object({ value: z.string() })) })
  .transform(({ selected_options }) => selected_options.map(({ value }) => value))
const stateSchema = z.record(z.string(), z.record(z.string(), z.unknown()))

export type RollbackValues = {
  readonly app: string | undefined
  /** Undefined: the last healthy one. */
  readonly toRevision: number | undefined
  /** Only of an app with two colours. */
  readonly toColor?: string | undefined
  readonly reason: string | undefined
  readonly emergency: boolean
}

/** What a person filled in, from a view's `state.values`; what is missing or strange is left out. */
export function readRollbackValues(values: unknown): RollbackValues {
  const state = stateSchema.safeParse(values).data ?? {}
  const app = selectedIn(state[rollbackInputs.app.block]?.[rollbackInputs.app.action])
  // The block's id has the app's name behind it; after a change of app both may be there.
  const block = state[revisionBlock(app ?? '')]
  const revision = selectedIn(block?.[rollbackInputs.revision.action])
  const reason = written
    .safeParse(state[rollbackInputs.reason.block]?.[rollbackInputs.reason.action])
    .data?.value?.trim()
  return {
    app,
    toRevision:
      revision === undefined || revision === lastHealthy || !/^\d{1,9}$/.test(revision) ? undefined : Number(revision),
    toColor: selectedIn(state[colorBlock(app ?? '')]?.[rollbackInputs.color.action]),
    reason: reason === '' ? undefined : reason,
    emergency: (
      ticked.safeParse(state[rollbackInputs.emergency.block]?.[rollbackInputs.emergency.action]).data ?? []
    ).includes(emergencyValue),
  }
}

function selectedIn(value: unknown): string | undefined {
  return selected.safeParse(value).data?.selected_option?.value
}
