import { ownName } from '../../services/mongodb/names.ts'
import { choosePoint } from '../restoring/choose-point.ts'
import type { Decision } from '../types.ts'
import type { RecoverMongoFacts, RecoverMongoParams, RecoverMongoPlan } from './types.ts'

/** Restoring, proving and comparing together, per second (measured on two cores); only an estimate. */
const bytesPerSecond = 6_000_000

/** What to do, from what was asked and what was read. Pure. */
export function decideRecoverMongo(params: RecoverMongoParams, facts: RecoverMongoFacts): Decision<RecoverMongoPlan> {
  const refuse: Refuse = (reason, detail = {}) => ({
    kind: 'refuse',
    reason,
    detail: { database: facts.database, environment: facts.environment, name: facts.name, ...detail },
  })
  const { rights, server, tools } = facts
  if (server.kind === 'mongos') return refuse('sharded')
  if (rights.missing.length > 0) return refuse('rights_missing', { user: rights.user, missing: rights.missing })
  // Without it nobody could tell afterwards which collection is which.
  const nameless = facts.collections.filter(({ type, uuid }) => type === 'collection' && uuid === undefined)
  if (nameless.length > 0) return refuse('no_uuids', { available: nameless.slice(0, 6).map(({ name }) => name) })
  if (params.backTo !== undefined) return decideWayBack(params.backTo, facts, refuse)
  if (tools.kind === 'missing') return refuse('tool_missing')
  if (tools.kind === 'too_old') return refuse('tool_too_old', { says: `mongorestore ${tools.version}` })
  const chosen = choosePoint(params.point, facts.points)
  if (chosen.kind === 'none')
    return refuse(chosen.reason, { point: params.point ?? '', points: facts.points.length, ...chosen.detail })
  const { point } = chosen
  return {
    kind: 'proceed',
    plan: {
      ...common(facts),
      kind: params.copy === true ? 'copy' : 'backup',
      safety: params.copy !== true && facts.safety && facts.live.kind !== 'empty',
      point,
      backTo: undefined,
      kept: undefined,
      onlyLive: params.onlyLive ?? 'keep',
      expectedSeconds: Math.ceil(3 + Math.max(point.sizeBytes * 3, liveBytes(facts)) / bytesPerSecond),
    },
  }
}

type Refuse = (reason: string, detail?: Record<string, unknown>) => Decision<RecoverMongoPlan>

/** Only if all that was put beside still stands there: half a way back is none. */
function decideWayBack(backTo: NonNullable<RecoverMongoParams['backTo']>, facts: RecoverMongoFacts, refuse: Refuse) {
  const { kept } = facts
  const there = new Set([...facts.beside, ...facts.collections].map(({ uuid }) => uuid))
  const gone = kept?.renames.filter(({ uuid, to }) => ownName(to) !== undefined && !there.has(uuid)) ?? []
  if (kept === undefined || gone.length > 0) {
    const left = facts.beside.map(({ name }) => name).filter((name) => ownName(name)?.run === backTo.run)
    return refuse('kept_gone', { run: backTo.run, ...(left.length === 0 ? {} : { available: left.slice(0, 6) }) })
  }
  return {
    kind: 'proceed',
    plan: {
      ...common(facts),
      kind: 'undo',
      safety: facts.safety,
      point: undefined,
      backTo,
      kept,
      onlyLive: 'keep',
      expectedSeconds: Math.ceil(2 + liveBytes(facts) / bytesPerSecond),
    },
  } as const
}

function common(facts: RecoverMongoFacts) {
  const { database, environment, name, live, apps, appMode, keepHours, readAt } = facts
  return { database, environment, name, live, apps, appMode, keepHours, readAt, prepared: undefined }
}

const liveBytes = ({ live }: RecoverMongoFacts): number => (live.kind === 'there' ? live.bytes : 0)

/** What a decision is bound to: the backup's bytes, the very collections, and what people saw that they would lose. */
export function fingerprint(plan: RecoverMongoPlan): unknown {
  const { kind, database, name, apps, appMode, keepHours, onlyLive, prepared, point, backTo } = plan
  return {
    kind,
    database,
    name,
    point: point === undefined ? null : { id: point.id, identity: point.identity },
    backTo: backTo ?? null,
    onlyLive,
    apps,
    appMode,
    keepHours,
    prepared: prepared === undefined ? null : seen(prepared),
  }
}

function seen({ renames, views, sha256, proof, loss, safety }: NonNullable<RecoverMongoPlan['prepared']>) {
  return {
    renames,
    views: views.map(({ name }) => name),
    sha256: sha256 ?? null,
    copy: proof?.sha256 ?? null,
    checks: (proof?.checks ?? []).map(({ name, verdict }) => `${name} ${verdict}`),
    safety: safety === undefined ? null : safety.kind === 'taken' ? safety.sha256 : safety.reason,
    loss:
      loss === undefined
        ? null
        : {
            documents: loss.lostDocuments,
            collections: loss.collections.map((one) => `${one.collection} ${one.onlyLive} ${one.changed}`),
            leaving: loss.leaving.map(({ collection }) => collection),
          },
  }
}
