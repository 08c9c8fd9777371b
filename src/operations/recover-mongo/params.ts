import { z } from 'zod'
import { reasonSchema } from '../reason.ts'
import type { RecoverMongoParams } from './types.ts'

export const recoverMongoParams: z.ZodType<RecoverMongoParams> = z.strictObject({
  database: z.string().min(1).max(63),
  point: z.string().min(1).max(600).optional(),
  copy: z.boolean().optional(),
  onlyLive: z.enum(['keep', 'aside']).optional(),
  users: z.boolean().optional(),
  apps: z.enum(['keep', 'scale']).optional(),
  backTo: z.strictObject({ run: z.string().regex(/^R-\d{4,9}$/) }).optional(),
  reason: reasonSchema.optional(),
})
