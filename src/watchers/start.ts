import type { Logger } from 'pino'
import { startRetention } from '../engine/retention.ts'
import { incidentOpen, outboxPending, restoreDataAge, runsActive } from '../metrics.ts'
import type { Desk } from '../operations/desk.ts'
import type { RestTarget } from '../services/pagerduty/rest.ts'
import { listIncidents } from '../store/incidents.ts'
import { botLock } from '../store/locks.ts'
import { pending } from '../store/outbox.ts'
import { lastRestores } from '../store/restores.ts'
import { listRuns } from '../store/runs.ts'
import { watchedApps, watchReleases } from './automatic/watch.ts'
import { watchBackups } from './backups/watch.ts'
import { clearAway } from './databases.ts'
import { followUp } from './follow-up.ts'
import { type Leadership, lead } from './leader.ts'
import { startProbes } from './probes.ts'
import { observeReleases } from './releases.ts'
import { startSweep } from './sweep.ts'

export type Watchers = { readonly metricsPort: number; stop(): Promise<void> }

/** What goes on without anybody asking; each reader of the world runs in one replica at a time. */
export async function startWatchers(
  desk: Desk,
  metricsPort: number,
  slack: { problem(): string | undefined },
  log: Logger,
  pagerduty: RestTarget | undefined,
): Promise<Watchers> {
  const { services } = desk
  const sweep = startSweep(desk, log)
  const observer = lead(services.db, botLock, log, (signal) => observeReleases(services, signal))
  const automatic = startAutomatic(desk, log)
  const followed = lead(services.db, 'rescue follows up', log, (signal) => followUp(services, pagerduty, signal))
  const cleared = lead(services.db, 'rescue clears databases', log, (signal) => clearAway(services, signal))
  const backups = lead(services.db, 'rescue watches backups', log, (signal) => watchBackups(services, signal))
  const retention = startRetention(services.db, services.catalog.retention, log)
  const probes = await startProbes(metricsPort, {
    ready: async () => {
      await services.db.query('select 1')
      return slack.problem()
    },
    refresh: () => refreshGauges(desk),
  })
  return {
    metricsPort: probes.port,
    stop: async () => {
      sweep.stop()
      await probes.stop()
      retention.stop()
      await backups.stop()
      await cleared.stop()
      await followed.stop()
      await automatic?.stop()
      await observer.stop()
    },
  }
}

/** Releases that save themselves; nothing is watched where the catalog lets the bot do nothing by itself. */
function startAutomatic(desk: Desk, log: Logger): Leadership | undefined {
  const { services } = desk
  if (watchedApps(services.catalog.apps).length === 0) return undefined
  return lead(services.db, 'rescue settles bad releases', log, (signal) => watchReleases(desk, signal))
}

/** Gauges that tell what the store holds; the same in every replica. */
async function refreshGauges(desk: Desk): Promise<void> {
  const { db } = desk.services
  const [runs, incidents, ...waiting] = await Promise.all([
    listRuns(db, { states: ['planning', 'waiting', 'confirmed', 'running'], limit: 500 }),
    listIncidents(db, { state: 'open' }),
    pending(db, 'slack'),
    pending(db, 'pagerduty'),
  ])
  for (const operation of desk.operations.keys())
    runsActive.set({ operation }, runs.filter((run) => run.operation === operation).length)
  for (const severity of ['SEV1', 'SEV2', 'SEV3'])
    incidentOpen.set({ severity }, incidents.filter((incident) => incident.severity === severity).length)
  for (const { database, endedAt, dataAt } of await lastRestores(db, { replaced: true }))
    if (dataAt !== undefined) restoreDataAge.set({ database }, (endedAt.getTime() - dataAt.getTime()) / 1000)
  for (const [index, to] of ['slack', 'pagerduty'].entries()) outboxPending.set({ to }, waiting[index]?.count ?? 0)
}
