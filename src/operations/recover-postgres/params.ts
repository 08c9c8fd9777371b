import { z } from 'zod'
import { reasonSchema } from '../reason.ts'
import type { RecoverParams } from './types.ts'

export const recoverParams: z.ZodType<RecoverParams> = z.strictObject({
  database: z.string().min(1).max(63),
  point: z.string().min(1).max(600).optional(),
  scope: z.strictObject({ kind: z.enum(['table', 'schema']), name: z.string().min(1).max(130) }).optional(),
  copy: z.boolean().optional(),
  backTo: z
    .strictObject({
      run: z.string().regex(/^R-\d{4,9}$/),
      name: z.string().min(1).max(63),
      oid: z.number().int().positive(),
      schema: z.string().min(1).max(63).optional(),
    })
    .optional(),
  apps: z.enum(['keep', 'scale']).optional(),
  reason: reasonSchema.optional(),
})
