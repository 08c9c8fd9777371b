import { z } from 'zod'
import type { RunId } from '../store/types.ts'

/** Names of everything a person can press or fill in. They are in messages that live for months: never rename one. */
export const actionIds = {
  /** Value: `DecisionValue`. */
  confirm: 'run:confirm',
  other: 'run:other',
  cancel: 'run:cancel',
  /** Value: the run's id, for all below. */
  stop: 'run:stop',
  undo: 'run:undo',
  evidence: 'run:evidence',
  details: 'run:details',
  wholePlan: 'run:plan',
  /** Plans again what a run wanted, with the world as it is now. */
  again: 'run:again',
  /** Value: `RequestValue`: asks for another run; its plan is shown first. */
  request: 'run:request',
  /** A link to a channel or a page: Slack opens it, the bot only acknowledges. */
  open: 'open:url',
  /** Value: the app's name. */
  rollback: 'app:rollback',
  /** Value: the database's name: the form of `/recover`. */
  recover: 'database:recover',
  /** Value: `kind/name`. */
  statusDetail: 'status:detail',
  statusRefresh: 'status:refresh',
  /** Value: an incident's id. */
  incidentResolve: 'incident:resolve',
  /** Value: an app's name: the form that breaks glass, which asks for a reason. */
  emergency: 'app:emergency',
  /** The watcher's question: as `confirm`, under a name of its own. Value: `DecisionValue`. */
  automaticConfirm: 'automatic:confirm',
  /** Value: the app's name. */
  automaticMute: 'automatic:mute',
  /** A second person's word on what was done at once. Value: the run's id. */
  reviewRight: 'review:right',
  /** Opens the form for the remark. */
  reviewWrong: 'review:wrong',
} as const

export const modalIds = {
  rollback: 'rollback',
  recover: 'recover',
  emergency: 'emergency',
  review: 'review',
  evidence: 'evidence',
  plan: 'plan',
} as const

/** Inputs of the rollback modal. The revision's block id has the app's name behind it: other options, other block. */
export const rollbackInputs = {
  app: { block: 'app', action: 'rollback:app' },
  revision: { block: 'revision', action: 'rollback:revision' },
  /** Instead of the revision, where the app has two colours. */
  color: { block: 'color', action: 'rollback:color' },
  emergency: { block: 'emergency', action: 'rollback:emergency' },
  reason: { block: 'reason', action: 'rollback:reason' },
} as const

/** The value of the box that makes a rollback an emergency. */
export const emergencyValue = 'emergency'

/** Inputs of the form of `/recover db`. The restore point's block id has the database's name behind it. */
export const recoverInputs = {
  database: { block: 'database', action: 'recover:database' },
  point: { block: 'point', action: 'recover:point' },
  scope: { block: 'scope', action: 'recover:scope' },
  /** The table or schema, where the scope is one. */
  part: { block: 'part', action: 'recover:part' },
  /** MongoDB: what becomes of collections that the backup does not have. */
  onlyLive: { block: 'only-live', action: 'recover:only-live' },
  apps: { block: 'apps', action: 'recover:apps' },
  reason: { block: 'reason', action: 'recover:reason' },
} as const

/** The block of a database's restore points. */
export const pointBlock = (database: string): string => `${recoverInputs.point.block}:${database}`.slice(0, 255)

/** Values of the scope. */
export const wholeValue = 'whole'
export const copyValue = 'copy'
export const tableValue = 'table'
export const schemaValue = 'schema'

/** The one input of the form for a review that was not right. */
export const reviewInputs = { remark: { block: 'remark', action: 'review:remark' } } as const

/** The block of an app's colours. */
export const colorBlock = (app: string): string => `${rollbackInputs.color.block}:${app}`.slice(0, 255)

/** The block of an app's revisions. */
export const revisionBlock = (app: string): string => `${rollbackInputs.revision.block}:${app}`.slice(0, 255)

/** The value of a choice that leaves the revision to the bot. */
export const lastHealthy = 'last-healthy'

const decisionSchema = z.strictObject({
  run: z.custom<RunId>((value) => typeof value === 'string' && /^R-\d{4,9}$/.test(value)),
  plan: z.string().max(64),
})

/** What a deciding button carries: which run and which plan people saw. Nothing that could be executed. */
export type DecisionValue = z.infer<typeof decisionSchema>

export const decisionValue = (value: DecisionValue): string => JSON.stringify(value)

/** Undefined for anything that this program did not write. */
export function readDecision(value: string | undefined): DecisionValue | undefined {
  if (value === undefined) return undefined
  try {
    return decisionSchema.safeParse(JSON.parse(value)).data
  } catch {
    return undefined
  }
}

const requestSchema = z.strictObject({ operation: z.string().min(1), params: z.record(z.string(), z.unknown()) })

/** What a button asks for that begins another run: checked by `startRun` like any other request. */
export type RequestValue = z.infer<typeof requestSchema>

export const requestValue = (value: RequestValue): string => JSON.stringify(value)

export function readRequest(value: string | undefined): RequestValue | undefined {
  if (value === undefined) return undefined
  try {
    return requestSchema.safeParse(JSON.parse(value)).data
  } catch {
    return undefined
  }
}
