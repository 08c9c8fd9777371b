import { setTimeout as sleep } from 'node:timers/promises'
import { checkHealth } from '../../services/http/health.ts'
import { type Connected, withMongo } from '../../services/mongodb/client.ts'
import { ownName } from '../../services/mongodb/names.ts'
import { listAll } from '../../services/mongodb/server.ts'
import { DatabaseError } from '../../services/postgres/errors.ts'
import { appOf } from '../rollback/workload-ref.ts'
import type { Report, Run } from '../types.ts'
import { placeOf } from './place.ts'
import type { RecoverMongoParams, RecoverMongoPlan } from './types.ts'

export type Answered = { readonly name: string; readonly ok: boolean; readonly detail?: string }

export type Health = {
  readonly kind: 'healthy' | 'unhealthy'
  readonly checks: readonly Answered[]
}

/** An application reconnects within seconds; one that was scaled to 0 needs the time of a rollout. */
const keptMs = 30_000
const pauseMs = 1_000

/** Every collection answers under its name and is the one that was approved, and the apps that use it pass their checks. */
export async function verifyAfter(run: Run<RecoverMongoParams, RecoverMongoPlan>, report: Report): Promise<Health> {
  const { services, plan } = run
  const apps = plan.apps.map((name) => appOf(services.catalog, name))
  const rolloutMs = Math.max(0, ...apps.map((app) => app.rolloutTimeoutSeconds * 1000))
  const deadline = Date.now() + (plan.appMode === 'scale' ? rolloutMs : keptMs)
  for (;;) {
    const [own, health] = await Promise.all([
      collectionsOf(run),
      Promise.all(apps.flatMap((app) => app.health).map((check) => checkHealth(check))),
    ])
    const checks = [own, ...health.map(({ name, ok }) => ({ name, ok }))]
    const good = checks.every(({ ok }) => ok)
    if (good || Date.now() > deadline) return { kind: good ? 'healthy' : 'unhealthy', checks }
    await report({ checks: checks.filter(({ ok }) => !ok).map(({ name }) => name) })
    await sleep(pauseMs)
  }
}

async function collectionsOf({ services, plan }: Run<RecoverMongoParams, RecoverMongoPlan>): Promise<Answered> {
  const { url } = await placeOf(services, plan.database)
  const { renames = [] } = plan.prepared ?? {}
  try {
    return await withMongo(url, { answerMs: 15_000 }, async (connected) => {
      const wrong = await misplaced(connected, renames)
      return { name: 'collections', ok: wrong.length === 0, detail: wrong.slice(0, 6).join(', ') }
    })
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    return { name: 'collections', ok: false, detail: error.message.slice(0, 200) }
  }
}

/** By UUID, and counted: a name that answers with another collection is wrong. Documents may have been written since. */
async function misplaced(connected: Connected, renames: NonNullable<RecoverMongoPlan['prepared']>['renames']) {
  const names = new Map((await listAll(connected)).map(({ uuid, name }) => [uuid, name]))
  const wrong = renames.filter(({ uuid, to }) => names.get(uuid) !== to).map(({ to }) => to)
  for (const { to } of renames)
    if (ownName(to) === undefined) await connected.db.collection(to).countDocuments({}, { limit: 1 })
  return wrong
}
