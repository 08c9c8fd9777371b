import { z } from 'zod'
import { copyValue, pointBlock, recoverInputs, schemaValue, tableValue } from '../actions.ts'

const selected = z.object({ selected_option: z.object({ value: z.string() }).nullish() })
const written = z.object({ value: z.string().nullish() })
const stateSchema = z.record(z.string(), z.record(z.string(), z.unknown()))

export type RecoverValues = {
  readonly database: string | undefined
  readonly point: string | undefined
  readonly copy: boolean
  /** `name` is empty where somebody chose a part and did not say which. */
  readonly scope: { readonly kind: 'table' | 'schema'; readonly name: string } | undefined
  readonly onlyLive: 'keep' | 'aside' | undefined
  readonly apps: 'keep' | 'scale' | undefined
  readonly reason: string | undefined
}

/** What a person filled in, from a view's `state.values`; what is missing or strange is left out. */
export function readRecoverValues(values: unknown): RecoverValues {
  const state = stateSchema.safeParse(values).data ?? {}
  const chosen = ({ block, action }: Input, id = block) =>
    selected.safeParse(state[id]?.[action]).data?.selected_option?.value
  const text = ({ block, action }: Input) => written.safeParse(state[block]?.[action]).data?.value?.trim() ?? ''
  const database = chosen(recoverInputs.database)
  const apps = chosen(recoverInputs.apps)
  const onlyLive = chosen(recoverInputs.onlyLive)
  const scope = chosen(recoverInputs.scope)
  const reason = text(recoverInputs.reason)
  return {
    database,
    // The block's id has the database's name behind it; after a change both may be there.
    point: chosen(recoverInputs.point, pointBlock(database ?? '')),
    copy: scope === copyValue,
    scope: scope === tableValue || scope === schemaValue ? { kind: scope, name: text(recoverInputs.part) } : undefined,
    onlyLive: onlyLive === 'keep' || onlyLive === 'aside' ? onlyLive : undefined,
    apps: apps === 'keep' || apps === 'scale' ? apps : undefined,
    reason: reason === '' ? undefined : reason,
  }
}

type Input = { readonly block: string; readonly action: string }
