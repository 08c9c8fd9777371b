import { setTimeout as sleep } from 'node:timers/promises'
import { withClient } from '../../../services/postgres/client.ts'
import { restoreInto } from '../../../services/postgres/restore.ts'
import { findTools } from '../../../services/postgres/tools.ts'
import { patiently } from '../../restoring/patiently.ts'
import { depsOf } from '../../restoring/points.ts'
import type { Fence, Run } from '../../types.ts'
import { liveFactsOf, openBackup } from '../backup.ts'
import { placeOf } from '../place.ts'
import type { RecoverParams, RecoverPlan } from '../types.ts'
import { writeList } from './list-file.ts'
import { type Replaced, tablesOf } from './steps.ts'

type Run_ = Run<RecoverParams, RecoverPlan>

const leastLimitMs = 10 * 60_000
const slowestBytesPerMs = 500
const patienceMs = 30_000

/**
 * Tables that are not there any more come back in one transaction of pg_restore: all of them with all that the backup says of
 * them, or none. Nothing is replaced.
 */
export function createFence(run: Run_): Fence<Replaced> {
  const { schema, tables } = tablesOf(run.plan)
  return {
    intent: { schema, tables: tables.map(({ name }) => name) },
    act: () => create(run),
    look: async () => {
      // One that a killed bot has left behind may still be at work.
      await patiently(() => endOthers(run))
      const there = await patiently(() => countThere(run))
      if (there === tables.length) return { kind: 'done', result: { kind: 'swapped', ms: 0, keys: [] } }
      if (there === 0) return { kind: 'not_done' }
      return { kind: 'unknown', why: `${there} of ${tables.length} tables are in ${schema}` }
    },
  }
}

const sessionOf = (run: Run_): string => `rescue ${run.id}`

async function create(run: Run_): Promise<Replaced> {
  const { services, plan } = run
  if ((await countThere(run)) > 0) return { kind: 'moved', why: `a table of ${tablesOf(plan).schema} is there by now` }
  const { url, name } = await placeOf(services, plan.database)
  const signal = new AbortController().signal
  const opened = await openBackup(services, plan, signal)
  const started = performance.now()
  try {
    const { serverVersion } = await liveFactsOf(services, plan)
    const tools = await findTools(Math.floor(serverVersion / 10_000), depsOf(services, plan.database).postgresTools)
    if (tools === undefined) return { kind: 'create_failed', says: 'pg_restore is not installed' }
    const { schema, tables } = tablesOf(plan)
    const wanted = tables.map((table) => ({ ...table, schema }))
    const list = await writeList(services, opened, wanted, 'alone')
    const bytes = tables.reduce((sum, table) => sum + table.bytes, 0)
    const end = await restoreInto({
      programs: tools.folder,
      url,
      shadow: name,
      path: opened.path,
      form: 'archive',
      jobs: 1,
      list: list.path,
      atOnce: true,
      session: sessionOf(run),
      tables,
      objects: 0,
      timeLimitMs: Math.round(leastLimitMs + bytes / slowestBytesPerMs),
      signal,
      onProgress: () => undefined,
    }).finally(list.remove)
    if (end.kind === 'done') return { kind: 'swapped', ms: Math.round(performance.now() - started), keys: [] }
    return { kind: 'create_failed', says: end.kind === 'failed' ? end.why : end.kind }
  } finally {
    await opened.close()
  }
}

async function countThere(run: Run_): Promise<number> {
  const { url, name } = await placeOf(run.services, run.plan.database)
  const { schema, tables } = tablesOf(run.plan)
  return withClient(url, { database: name, statementMs: 15_000 }, async (client) => {
    const { rows } = await client.query(
      `select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = any($2)`,
      [schema, tables.map((table) => table.name)],
    )
    return rows.length
  })
}

/** Waits until they are gone: what they were about to commit is then committed or not. */
async function endOthers(run: Run_): Promise<void> {
  const { url, maintenance } = await placeOf(run.services, run.plan.database)
  await withClient(url, { database: maintenance, statementMs: 15_000 }, async (client) => {
    const deadline = Date.now() + patienceMs
    for (;;) {
      const { rows } = await client.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1',
        [sessionOf(run)],
      )
      if (rows.length === 0) return
      if (Date.now() > deadline) throw new Error('a restore that was killed does not end')
      await sleep(200)
    }
  })
}
