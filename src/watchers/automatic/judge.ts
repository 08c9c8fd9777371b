import type { AutomaticSettings } from '../../catalog/automatic.ts'
import type { PresentMode } from '../../operations/automatic-mode.ts'
import type { RollbackPlan, WarningCode } from '../../operations/rollback/types.ts'
import type { Decision } from '../../operations/types.ts'
import type { RunRow } from '../../store/types.ts'
import type { BadRelease } from '../bad-releases/types.ts'

/** Why a bad release is left to people. Each is a word that they are told in a sentence of their own. */
export const leaveReasons = [
  'off',
  'muted',
  'acted_already',
  'too_old',
  'person_at_work',
  'last_failed',
  'cool_down',
  'too_many',
  'old_failing',
  'restart_only',
  'node_fault',
  'irreversible_migration',
  'config_missing',
  'no_safe_revision',
  'paused',
  'gitops',
  'gone',
  'cannot_plan',
] as const
export type LeaveReason = (typeof leaveReasons)[number]

export type Verdict =
  | { readonly kind: 'act' }
  /** @param because why it asks where the catalog would let it act */
  | { readonly kind: 'ask'; readonly because: 'two_people' | undefined }
  | { readonly kind: 'leave'; readonly reason: LeaveReason; readonly detail: Readonly<Record<string, unknown>> }

/** Everything that the verdict is made from. */
export type Situation = {
  readonly release: BadRelease
  readonly settings: AutomaticSettings
  readonly mode: PresentMode
  readonly now: Date
  /** The run that this same release got before, where somebody put it back after that run, and who by the server's record. */
  readonly putBack: { readonly run: RunRow; readonly by: string | undefined } | undefined
  /** A run that works on this target. */
  readonly atWork: RunRow | undefined
  /** A person's plan for this target that they are reading: no reason not to act, but not to ask as well. */
  readonly reading: RunRow | undefined
  /** Runs on this target that the watcher confirmed, newest first. */
  readonly own: readonly RunRow[]
  /** When a person last acted on this target or its mode. */
  readonly personActedAt: Date | undefined
  /** How many people the policy wants for this rollback. */
  readonly approvals: 1 | 2
  readonly planned: Decision<RollbackPlan>
  /** Whether that plan leaves the release that was judged. */
  readonly stillThere: boolean
}

/** What to do about a bad release. The order is the one in which people would ask. Pure. */
export function judge(situation: Situation): Verdict {
  return byMode(situation) ?? byHistory(situation) ?? byWorld(situation) ?? actOrAsk(situation)
}

function actOrAsk({ mode, approvals, reading }: Situation): Verdict {
  if (mode.mode === 'act' && approvals === 1) return { kind: 'act' }
  if (reading !== undefined) return leave('person_at_work', { run: reading.id, by: reading.actor })
  return { kind: 'ask', because: mode.mode === 'act' ? 'two_people' : undefined }
}

const leave = (reason: LeaveReason, detail: Readonly<Record<string, unknown>> = {}): Verdict => ({
  kind: 'leave',
  reason,
  detail,
})

function byMode({ mode, release, settings, now, putBack }: Situation): Verdict | undefined {
  if (mode.allowed === 'off') return leave('off')
  if (mode.mode === 'off')
    return leave('muted', { by: mode.override?.actor, until: mode.override?.until?.toISOString() })
  if (putBack !== undefined) return leave('acted_already', { run: putBack.run.id, by: putBack.by })
  const minutes = (now.getTime() - Date.parse(release.releasedAt)) / 60_000
  return minutes > settings.windowMinutes
    ? leave('too_old', { minutes: Math.round(minutes), windowMinutes: settings.windowMinutes })
    : undefined
}

const hourMs = 3_600_000

/** Never in a loop: what the watcher did before, and whether a person has acted since. */
function byHistory({ mode, own, settings, now, atWork, personActedAt }: Situation): Verdict | undefined {
  if (atWork !== undefined) return leave('person_at_work', { run: atWork.id, by: atWork.confirmedBy ?? atWork.actor })
  if (mode.mode !== 'act') return undefined
  const last = own[0]
  if (last === undefined) return undefined
  const lastAt = last.confirmedAt ?? last.createdAt
  if (last.outcome?.kind === 'failed' && (personActedAt === undefined || personActedAt < lastAt))
    return leave('last_failed', { run: last.id })
  const ageMs = now.getTime() - lastAt.getTime()
  if (ageMs < settings.coolDownMinutes * 60_000)
    return leave('cool_down', {
      run: last.id,
      until: new Date(lastAt.getTime() + settings.coolDownMinutes * 60_000).toISOString(),
    })
  const inHour = own.filter((run) => now.getTime() - (run.confirmedAt ?? run.createdAt).getTime() < hourMs)
  return inHour.length >= settings.mostPerHour
    ? leave('too_many', { count: inHour.length, mostPerHour: settings.mostPerHour })
    : undefined
}

/** What the cluster says: would going back help, and may it be done? */
function byWorld({ release, planned, stillThere, settings, mode }: Situation): Verdict | undefined {
  if (planned.kind === 'proceed' && !stillThere) return leave('gone')
  if (release.oldFailing) return leave('old_failing')
  if (release.restartOnly) return leave('restart_only')
  if (planned.kind !== 'proceed') return leave(unplanned(planned.kind, planned.reason), { why: planned.reason })
  const { plan } = planned
  const warned = (code: WarningCode) => plan.warnings.find((warning) => warning.code === code)
  const failing = warned('target_failing_too')
  if (failing !== undefined) return leave('old_failing', failing.data)
  const node = warned('node_trouble')
  if (node !== undefined) return leave('node_fault', node.data)
  const migration = warned('irreversible_migration')
  if (migration !== undefined) return leave('irreversible_migration', migration.data)
  const config = warned('config_missing')
  if (config !== undefined) return leave('config_missing', config.data)
  if (plan.to.failedBefore !== undefined)
    return leave('no_safe_revision', { revision: plan.to.revision, why: plan.to.failedBefore })
  const owner = warned('gitops')
  if (owner !== undefined && mode.mode === 'act' && settings.gitOps === 'leave') return leave('gitops', owner.data)
  return undefined
}

function unplanned(kind: 'nothing_to_do' | 'refuse', reason: string): LeaveReason {
  if (kind === 'nothing_to_do' || reason === 'just_rolled_back' || reason === 'not_found') return 'gone'
  if (reason === 'no_safe_revision' || reason === 'no_history') return 'no_safe_revision'
  return reason === 'paused' ? 'paused' : 'cannot_plan'
}
