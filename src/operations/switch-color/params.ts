import { z } from 'zod'
import { reasonSchema } from '../reason.ts'
import type { SwitchParams } from './types.ts'

export const switchParams: z.ZodType<SwitchParams> = z.strictObject({
  app: z.string().min(1),
  to: z.string().min(1).max(63).optional(),
  reason: reasonSchema.optional(),
})
