import { z } from 'zod'
import type { SwitchPlan } from '../types.ts'

/** A plan as it comes back from the store. JSON has no undefined, and an older program may have written it. */
const problem = z.object({
  pod: z.string().catch(''),
  reason: z.string().catch(''),
  message: z.string().catch(''),
  restarts: z.number().catch(0),
  exitCode: z.number().optional().catch(undefined),
  node: z.string().optional().catch(undefined),
})

const side = z.object({
  color: z.string(),
  workload: z.object({ namespace: z.string(), kind: z.string(), name: z.string() }),
  desired: z.number().catch(0),
  ready: z.number().catch(0),
  old: z.number().catch(0),
  images: z.array(z.string()).catch([]),
  revision: z.number().optional().catch(undefined),
  changeCause: z.string().optional().catch(undefined),
  problems: z.array(problem).catch([]),
  endpoints: z.array(z.string()).catch([]),
  missingLabels: z.record(z.string(), z.string()).catch({}),
  missingPorts: z.array(z.string()).catch([]),
  app: z.string().optional().catch(undefined),
})
export type ShownSide = z.infer<typeof side>

const check = z.object({
  name: z.string(),
  ok: z.boolean(),
  status: z.number().optional().catch(undefined),
  ms: z.number().catch(0),
  reason: z.string().optional().catch(undefined),
})
export type ShownCheck = z.infer<typeof check>

const route = z.object({ kind: z.string(), namespace: z.string(), name: z.string() })
export type ShownRoute = z.infer<typeof route>

const plan = z.object({
  app: z.string(),
  environment: z.string(),
  route,
  from: side,
  to: side,
  since: z.string().optional().catch(undefined),
  idleSince: z.string().optional().catch(undefined),
  by: z.string().optional().catch(undefined),
  health: z.array(check).catch([]),
  hosts: z.array(z.string()).catch([]),
  colors: z.object({ watchSeconds: z.number() }).catch({ watchSeconds: 0 }),
  warnings: z.array(z.object({ code: z.string(), data: z.record(z.string(), z.unknown()) })).catch([]),
})
export type ShownPlan = z.infer<typeof plan>

/** @throws ZodError when the store holds something that is no plan of a switch */
export const readPlan = (value: unknown): ShownPlan => plan.parse(value)

/**
 * Holds the schema to the type that plans are written with: a renamed field does not compile.
 * @public
 */
export const shownOf = (value: SwitchPlan): ShownPlan => plan.parse(value)

export const sideIn = (value: unknown): ShownSide | undefined => side.safeParse(value).data
export const sidesIn = (value: unknown): readonly ShownSide[] => z.array(side).safeParse(value).data ?? []
export const routeIn = (value: unknown): ShownRoute | undefined => route.safeParse(value).data
export const checksIn = (value: unknown): readonly ShownCheck[] => z.array(check).safeParse(value).data ?? []
