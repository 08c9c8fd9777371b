import { z } from 'zod'
import type { RecoverMongoPlan } from '../types.ts'

/** A plan as it comes back from the store: JSON has no undefined, and an older program may have written it. */
const loss = z.object({
  collections: z
    .array(
      z.object({
        collection: z.string(),
        onlyLive: z.number(),
        changed: z.number(),
        onlyBackup: z.number(),
        examples: z.array(z.string()).catch([]),
      }),
    )
    .catch([]),
  leaving: z.array(z.object({ collection: z.string(), documents: z.number() })).catch([]),
  coming: z.array(z.string()).catch([]),
  unknown: z.array(z.object({ collection: z.string(), why: z.string() })).catch([]),
  compared: z.number().catch(0),
  lostDocuments: z.number(),
})
export type ShownLoss = z.infer<typeof loss>

const check = z.object({ name: z.string(), verdict: z.enum(['pass', 'fail', 'unknown']), detail: z.string().catch('') })

const safety = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('taken'), point: z.string(), bytes: z.number().catch(0) }),
  z.object({ kind: z.literal('failed'), reason: z.string(), why: z.string().catch('') }),
])

const prepared = z.object({
  renames: z.array(z.object({ from: z.string(), to: z.string() })).catch([]),
  views: z.array(z.object({ name: z.string() })).catch([]),
  onlyLive: z.array(z.object({ name: z.string(), documents: z.number() })).catch([]),
  beside: z.object({ database: z.string() }).optional().catch(undefined),
  sha256: z.string().optional().catch(undefined),
  newest: z.string().optional().catch(undefined),
  warnings: z.array(z.object({ reason: z.string(), detail: z.string().catch('') })).catch([]),
  proof: z
    .object({ checks: z.array(check), collections: z.number(), documents: z.number(), bytes: z.number() })
    .optional()
    .catch(undefined),
  loss: loss.optional().catch(undefined),
  lossUnknown: z.string().optional().catch(undefined),
  safety: safety.optional().catch(undefined),
})

const plan = z.object({
  kind: z.enum(['backup', 'copy', 'undo']).catch('backup'),
  database: z.string(),
  environment: z.string().catch(''),
  name: z.string().catch(''),
  point: z
    .object({ id: z.string(), dataAt: z.string().catch(''), sizeBytes: z.number().catch(0) })
    .optional()
    .catch(undefined),
  backTo: z.object({ run: z.string() }).optional().catch(undefined),
  live: z
    .object({ kind: z.enum(['there', 'empty', 'unreadable']), why: z.string().optional() })
    .catch({ kind: 'unreadable' }),
  onlyLive: z.enum(['keep', 'aside']).catch('keep'),
  apps: z.array(z.string()).catch([]),
  appMode: z.enum(['keep', 'scale']).catch('keep'),
  keepHours: z.number().catch(72),
  safety: z.boolean().catch(false),
  expectedSeconds: z.number().catch(0),
  prepared: prepared.optional().catch(undefined),
})
export type ShownPlan = z.infer<typeof plan>

/** @throws ZodError when the store holds something that is no plan of a recovery */
export const readPlan = (value: unknown): ShownPlan => plan.parse(value)

/**
 * Holds the schema to the type that plans are written with: a renamed field does not compile.
 * @public
 */
export const shownOf = (value: RecoverMongoPlan): ShownPlan => plan.parse(value)
