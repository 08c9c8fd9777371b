import { z } from 'zod'
import { reasonSchema } from '../reason.ts'
import type { RollbackParams } from './types.ts'

export const rollbackParams: z.ZodType<RollbackParams> = z
  .strictObject({
    app: z.string().min(1),
    toRevision: z.number().int().min(1).optional(),
    toSource: z.string().min(1).max(253).optional(),
    was: z.strictObject({ revision: z.number().int().min(1), images: z.array(z.string().max(500)).max(20) }).optional(),
    emergency: z.boolean().optional(),
    reason: reasonSchema.optional(),
  })
  .refine((params) => params.toRevision === undefined || params.toSource === undefined, {
    path: ['toSource'],
    message: 'only one of toRevision and toSource can be given',
  })

/** How a revision is named to people when its ReplicaSet is gone and nothing else can tell what it was. */
export const wasOf = (info: { readonly revision: number; readonly images: readonly string[] }) => ({
  revision: info.revision,
  images: info.images.slice(0, 20).map((image) => image.slice(0, 500)),
})
