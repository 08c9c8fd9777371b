import { setTimeout as sleep } from 'node:timers/promises'
import { checkHealth } from '../../services/http/health.ts'
import { type Answer, ask } from '../../services/postgres/ask.ts'
import { DatabaseError } from '../../services/postgres/errors.ts'
import { appOf } from '../rollback/workload-ref.ts'
import type { Report, Run } from '../types.ts'
import { placeOf } from './place.ts'
import type { RecoverParams, RecoverPlan } from './types.ts'

export type Health = {
  readonly kind: 'healthy' | 'unhealthy'
  readonly answers: readonly Answer[]
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly status: number | undefined }[]
}

/** An application reconnects within seconds; one that was scaled to 0 needs the time of a rollout. */
const keptMs = 30_000
const pauseMs = 1_000

/** The database answers under its name, and the apps that use it pass their checks. */
export async function verifyAfter(run: Run<RecoverParams, RecoverPlan>, report: Report): Promise<Health> {
  const { services, plan } = run
  const { catalog } = services
  const apps = plan.apps.map((name) => appOf(catalog, name))
  const rolloutMs = Math.max(0, ...apps.map((app) => app.rolloutTimeoutSeconds * 1000))
  const deadline = Date.now() + (plan.appMode === 'scale' ? rolloutMs : keptMs)
  for (;;) {
    const [answers, checks] = await Promise.all([
      questions(run),
      Promise.all(apps.flatMap((app) => app.health).map((check) => checkHealth(check))),
    ])
    const good = answers.every(({ ok }) => ok) && checks.every(({ ok }) => ok)
    if (good || Date.now() > deadline)
      return {
        kind: good ? 'healthy' : 'unhealthy',
        answers,
        checks: checks.map(({ name, ok, status }) => ({ name, ok, status })),
      }
    await report({ checks: checks.filter(({ ok }) => !ok).map(({ name }) => name) })
    await sleep(pauseMs)
  }
}

async function questions({ services, plan }: Run<RecoverParams, RecoverPlan>): Promise<readonly Answer[]> {
  const { entry, url, name } = await placeOf(services, plan.database)
  const connect = { name: 'connect', query: 'select true' }
  try {
    // Whoever goes back knows what they go back to: the catalog's checks may be what it was left for.
    return await ask(url, name, plan.kind === 'undo' ? [connect] : [connect, ...entry.restore.checks])
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    return [{ name: 'connect', ok: false, value: error.message.slice(0, 200) }]
  }
}
