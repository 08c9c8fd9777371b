import { z } from 'zod'
import { copyValue, pointBlock, recoverInputs } from '../actions.ts'

const selected = z.object({ selected_option: z.object({ value: z.string() }).nullish() })
const written = z.object({ value: z.string().nullish() })
const stateSchema = z.record(z.string(), z.record(z.string(), z.unknown()))

export type RecoverValues = {
  readonly database: string | undefined
  readonly point: string | undefined
  readonly copy: boolean
  readonly apps: 'keep' | 'scale' | undefined
  readonly reason: string | undefined
}

/** What a person filled in, from a view's `state.values`; what is missing or strange is left out. */
export function readRecoverValues(values: unknown): RecoverValues {
  const state = stateSchema.safeParse(values).data ?? {}
  const chosen = ({ block, action }: { readonly block: string; readonly action: string }, id = block) =>
    selected.safeParse(state[id]?.[action]).data?.selected_option?.value
  const database = chosen(recoverInputs.database)
  const apps = chosen(recoverInputs.apps)
  const { block, action } = recoverInputs.reason
  const reason = written.safeParse(state[block]?.[action]).data?.value?.trim()
  return {
    database,
    // The block's id has the database's name behind it; after a change both may be there.
    point: chosen(recoverInputs.point, pointBlock(database ?? '')),
    copy: chosen(recoverInputs.scope) === copyValue,
    apps: apps === 'keep' || apps === 'scale' ? apps : undefined,
    reason: reason === '' ? undefined : reason,
  }
}
