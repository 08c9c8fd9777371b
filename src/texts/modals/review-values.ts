import { z } from 'zod'
import { reviewInputs } from '../actions.ts'

const { block, action } = reviewInputs.remark
const stateSchema = z.object({ [block]: z.object({ [action]: z.object({ value: z.string().nullish() }) }) })

/** What a person wrote into the review's form; undefined when nothing. */
export function readRemark(values: unknown): string | undefined {
  const remark = stateSchema.safeParse(values).data?.[block]?.[action]?.value?.trim()
  return remark === '' ? undefined : remark
}
