import { z } from 'zod'
import type { RecoverPlan } from '../types.ts'

/** A plan as it comes back from the store: JSON has no undefined, and an older program may have written it. */
const tableLoss = z.object({
  table: z.string(),
  onlyLive: z.number(),
  changed: z.number(),
  onlyBackup: z.number(),
  examples: z.array(z.string()).catch([]),
})

const loss = z.object({
  tables: z.array(tableLoss).catch([]),
  onlyLiveTables: z.array(z.object({ table: z.string(), rows: z.number() })).catch([]),
  onlyBackupTables: z.array(z.string()).catch([]),
  columns: z.array(z.object({ table: z.string(), columns: z.array(z.string()) })).catch([]),
  unknown: z.array(z.object({ table: z.string(), why: z.string() })).catch([]),
  compared: z.number().catch(0),
  lostRows: z.number(),
})
export type ShownLoss = z.infer<typeof loss>

const check = z.object({ name: z.string(), verdict: z.enum(['pass', 'fail', 'unknown']), detail: z.string().catch('') })

const prepared = z.object({
  sha256: z.string().optional().catch(undefined),
  warnings: z.array(z.object({ reason: z.string(), detail: z.string().catch('') })).catch([]),
  proof: z
    .object({ checks: z.array(check), tables: z.number(), rows: z.number(), bytes: z.number() })
    .optional()
    .catch(undefined),
  answers: z.array(z.object({ name: z.string(), ok: z.boolean(), value: z.string().catch('') })).catch([]),
  migration: z.object({ live: z.string().optional(), next: z.string().optional() }).optional().catch(undefined),
  newest: z.string().optional().catch(undefined),
  loss: loss.optional().catch(undefined),
  lossUnknown: z.string().optional().catch(undefined),
  tables: z
    .object({
      way: z.enum(['exchange', 'create']),
      views: z.array(z.string()).catch([]),
      keys: z
        .array(z.object({ name: z.string(), way: z.enum(['out', 'in']), other: z.string(), broken: z.number() }))
        .catch([]),
    })
    .optional()
    .catch(undefined),
  safety: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('taken'), point: z.string(), bytes: z.number() }),
      z.object({ kind: z.literal('failed'), reason: z.string(), why: z.string() }),
    ])
    .optional()
    .catch(undefined),
})

const plan = z.object({
  kind: z.enum(['backup', 'copy', 'undo']).catch('backup'),
  scope: z
    .object({ kind: z.enum(['table', 'schema']), name: z.string() })
    .optional()
    .catch(undefined),
  database: z.string(),
  environment: z.string().catch(''),
  name: z.string().catch(''),
  point: z
    .object({ id: z.string(), dataAt: z.string().catch(''), sizeBytes: z.number().catch(0) })
    .optional()
    .catch(undefined),
  backTo: z.object({ run: z.string(), name: z.string() }).optional().catch(undefined),
  live: z
    .object({ kind: z.enum(['there', 'gone', 'unreadable']), bytes: z.number().optional(), why: z.string().optional() })
    .catch({ kind: 'unreadable' }),
  apps: z.array(z.string()).catch([]),
  appMode: z.enum(['keep', 'scale']).catch('keep'),
  keepHours: z.number().catch(72),
  safetyPlace: z.string().optional().catch(undefined),
  expectedSeconds: z.number().catch(0),
  inactiveSlots: z.array(z.string()).catch([]),
  prepared: prepared.optional().catch(undefined),
})
export type ShownPlan = z.infer<typeof plan>

/** @throws ZodError when the store holds something that is no plan of a recovery */
export const readPlan = (value: unknown): ShownPlan => plan.parse(value)

/**
 * Holds the schema to the type that plans are written with: a renamed field does not compile.
 * @public
 */
export const shownOf = (value: RecoverPlan): ShownPlan => plan.parse(value)
