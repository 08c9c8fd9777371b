import { choosePoint } from '../restoring/choose-point.ts'
import type { Decision } from '../types.ts'
import type { RecoverFacts, RecoverParams, RecoverPlan } from './types.ts'

/** Restoring, proving and comparing together, per second (measured on two cores); only an estimate. */
const bytesPerSecond = 25_000_000

/** What to do, from what was asked and what was read. Pure. */
export function decideRecovery(params: RecoverParams, facts: RecoverFacts): Decision<RecoverPlan> {
  const refuse = (reason: string, detail: Record<string, unknown> = {}): Decision<RecoverPlan> => ({
    kind: 'refuse',
    reason,
    detail: { database: facts.database, environment: facts.environment, name: facts.name, ...detail },
  })
  const { rights, server } = facts
  // Its statements run before anybody has approved them: never with an account that may do everything.
  if (rights.superuser && params.backTo === undefined) return refuse('superuser', { user: rights.user })
  if (rights.missing.length > 0) return refuse('rights_missing', { user: rights.user, missing: rights.missing })
  const { scope } = params
  // Only a whole database is renamed, which nobody may hold.
  const renames = params.copy !== true && scope === undefined
  if (scope !== undefined && params.copy !== true && facts.live.kind !== 'there')
    return refuse('scope_needs_live', { says: facts.live.kind === 'unreadable' ? facts.live.why : '' })
  if (renames && server.preparedTransactions.length > 0)
    return refuse('prepared_transactions', { who: server.preparedTransactions })
  if (renames && server.replication.length > 0) return refuse('replication_active', { who: server.replication })
  if (params.backTo !== undefined) return decideWayBack(params.backTo, scope, facts, refuse)
  const chosen = choosePoint(params.point, facts.points)
  if (chosen.kind === 'none')
    return refuse(chosen.reason, { point: params.point ?? '', points: facts.points.length, ...chosen.detail })
  const { point } = chosen
  if (scope !== undefined && point.kind === 'pg-plain') return refuse('scope_needs_archive', { point: point.id })
  return {
    kind: 'proceed',
    plan: {
      ...common(facts, scope),
      kind: params.copy === true ? 'copy' : 'backup',
      point,
      backTo: undefined,
      expectedSeconds: Math.ceil(3 + Math.max(point.sizeBytes * 3, liveBytes(facts)) / bytesPerSecond),
    },
  }
}

type Refuse = (reason: string, detail?: Record<string, unknown>) => Decision<RecoverPlan>

function decideWayBack(
  backTo: NonNullable<RecoverParams['backTo']>,
  scope: RecoverParams['scope'],
  facts: RecoverFacts,
  refuse: Refuse,
) {
  const { kept } = facts
  if (kept === undefined) return refuse('kept_gone', { kept: backTo.name, run: backTo.run })
  return {
    kind: 'proceed',
    plan: {
      ...common(facts, scope),
      kind: 'undo',
      point: undefined,
      backTo: { ...backTo, name: kept.name },
      expectedSeconds: Math.ceil(2 + liveBytes(facts) / (4 * bytesPerSecond)),
    },
  } as const
}

function common(facts: RecoverFacts, scope: RecoverParams['scope']) {
  const { database, environment, name, live, apps, appMode, keepHours, safetyPlace, readAt } = facts
  return {
    database,
    environment,
    name,
    live,
    liveOid: facts.surroundings?.oid,
    scope,
    apps,
    // Tables are exchanged without ending anybody's session.
    appMode: scope === undefined ? appMode : ('keep' as const),
    keepHours,
    safetyPlace,
    inactiveSlots: facts.server.inactiveSlots,
    readAt,
    prepared: undefined,
  }
}

const liveBytes = ({ live }: RecoverFacts): number => (live.kind === 'there' ? live.bytes : 0)

/** What a decision is bound to: the backup's bytes, the very databases, and what people saw that they would lose. */
export function fingerprint(plan: RecoverPlan): unknown {
  const { kind, database, name, scope, liveOid, apps, appMode, keepHours, prepared, point, backTo } = plan
  return {
    kind,
    database,
    name,
    liveOid: liveOid ?? null,
    point: point === undefined ? null : { id: point.id, identity: point.identity },
    backTo: backTo ?? null,
    // Absent for a whole database, as in plans of before there were others.
    ...(scope === undefined ? {} : { scope, tables: prepared?.tables ?? null }),
    apps,
    appMode,
    keepHours,
    prepared:
      prepared === undefined
        ? null
        : {
            shadow: prepared.shadow,
            sha256: prepared.sha256 ?? null,
            safety: prepared.safety?.kind ?? null,
            checks: (prepared.proof?.checks ?? []).map(({ name: check, verdict }) => `${check} ${verdict}`),
            loss:
              prepared.loss === undefined
                ? null
                : {
                    rows: prepared.loss.lostRows,
                    tables: prepared.loss.tables.map((table) => `${table.table} ${table.onlyLive} ${table.changed}`),
                    gone: prepared.loss.onlyLiveTables.map(({ table }) => table),
                  },
          },
  }
}
