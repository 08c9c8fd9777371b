import { z } from 'zod'
import type { RollbackPlan } from '../types.ts'

/** A plan as it comes back from the store. JSON has no undefined, and an older program may have written it. */
const revision = z.object({
  revision: z.number(),
  images: z.array(z.string()).catch([]),
  changeCause: z.string().optional().catch(undefined),
  createdAt: z.string().catch(''),
  healthySeconds: z.number().optional().catch(undefined),
  healthyKnownBy: z.enum(['observed', 'estimated', 'unknown']).catch('unknown'),
  failedBefore: z.string().optional().catch(undefined),
  source: z.string().catch(''),
  inServiceSince: z.string().optional().catch(undefined),
})
export type ShownRevision = z.infer<typeof revision>

const problem = z.object({
  pod: z.string().catch(''),
  reason: z.string().catch(''),
  message: z.string().catch(''),
  restarts: z.number().catch(0),
  exitCode: z.number().optional().catch(undefined),
  node: z.string().optional().catch(undefined),
})
export type ShownProblem = z.infer<typeof problem>

const change = z.object({ path: z.string(), before: z.string().optional(), after: z.string().optional() })
export type ShownChange = z.infer<typeof change>

const plan = z.object({
  app: z.string(),
  environment: z.string(),
  workload: z.object({ cluster: z.string(), namespace: z.string(), kind: z.string(), name: z.string() }),
  from: revision,
  to: revision,
  emergency: z.boolean().catch(false),
  readiness: z.object({
    desired: z.number(),
    ready: z.number(),
    updated: z.number().catch(0),
    oldReady: z.number().catch(0),
    oldRevisions: z.array(z.number()).catch([]),
  }),
  problems: z.array(problem).catch([]),
  changes: z.array(change).catch([]),
  warnings: z.array(z.object({ code: z.string(), data: z.record(z.string(), z.unknown()) })).catch([]),
  serves: z.object({ services: z.array(z.string()), hosts: z.array(z.string()) }).catch({ services: [], hosts: [] }),
  strategy: z.object({
    type: z.string(),
    maxUnavailable: z.string().optional().catch(undefined),
    maxSurge: z.string().optional().catch(undefined),
  }),
  alternatives: z.array(revision).catch([]),
  expectedSeconds: z.number().catch(0),
  replicas: z.number().optional().catch(undefined),
})
export type ShownPlan = z.infer<typeof plan>

/** @throws ZodError when the store holds something that is no plan of a rollback */
export const readPlan = (value: unknown): ShownPlan => plan.parse(value)

/**
 * Holds the schema to the type that plans are written with: a renamed field does not compile.
 * @public
 */
export const shownOf = (value: RollbackPlan): ShownPlan => plan.parse(value)

export const revisionIn = (value: unknown): ShownRevision | undefined => revision.safeParse(value).data

export const problemsIn = (value: unknown): readonly ShownProblem[] => z.array(problem).safeParse(value).data ?? []

export const changesIn = (value: unknown): readonly ShownChange[] => z.array(change).safeParse(value).data ?? []
