import { withClient } from '../../../services/postgres/client.ts'
import { listKeptSchemas } from '../../../services/postgres/kept.ts'
import { checkKeys, type Exchanged } from '../../../services/postgres/tables/exchange.ts'
import { dropStage, stageTables } from '../../../services/postgres/tables/stage.ts'
import type { Fence, Report, Run } from '../../types.ts'
import { placeOf } from '../place.ts'
import type { Kept } from '../steps.ts'
import type { RecoverParams, RecoverPlan, TablesPlan } from '../types.ts'
import { createFence } from './create.ts'
import { exchangeFence } from './exchange-step.ts'
import { keptSchemaName, stageName, stagePurpose } from './scope.ts'

type Run_ = Run<RecoverParams, RecoverPlan>

/** OIDs of the tables that wait, by name. */
export type Waiting = Readonly<Record<string, number>>

export type Replaced = Exchanged | { readonly kind: 'create_failed'; readonly says: string }

/** What the runbook of single tables does beyond that of a database. */
export type TableSteps = {
  /** Puts the proved rows into the live database, beside the tables in use; a way back has them there already. */
  stageTables(report: Report): Promise<Waiting>
  replaceTables(waiting: Waiting): Fence<Replaced>
  /** @returns keys that do not hold for all rows */
  checkKeys(replaced: Extract<Replaced, { kind: 'swapped' }>): Promise<readonly string[]>
  dropStage(): Promise<void>
  kept(): Promise<Kept>
}

/** The tables of a plan that is about tables. @throws Error when it is not */
export function tablesOf({ prepared }: RecoverPlan): TablesPlan {
  if (prepared?.tables === undefined) throw new Error('no tables were prepared')
  return prepared.tables
}

export function tableStepsOf(run: Run_): TableSteps {
  const tables = tablesOf(run.plan)
  return {
    stageTables: (report) => stage(run, report),
    replaceTables: (waiting) => (tables.way === 'create' ? createFence(run) : exchangeFence(run, waiting)),
    checkKeys: async ({ keys }) => {
      const { url, name } = await placeOf(run.services, run.plan.database)
      return checkKeys(url, name, keys)
    },
    dropStage: () => dropStages(run),
    kept: () => keptOf(run),
  }
}

async function stage(run: Run_, report: Report): Promise<Waiting> {
  const { plan, services, id } = run
  const { url, name } = await placeOf(services, plan.database)
  const { schema, tables, way } = tablesOf(plan)
  if (way === 'create') return {}
  if (plan.backTo !== undefined) return oidsIn(run, plan.backTo.name)
  let told = Date.now()
  const staged = await stageTables({
    url,
    live: name,
    shadow: plan.prepared?.shadow.name ?? '',
    schema,
    stage: stageName(id),
    tables,
    purpose: stagePurpose(id),
    onBytes: (bytes) => {
      if (Date.now() - told < 1_000) return
      told = Date.now()
      void report({ written: bytes }).catch(() => undefined)
    },
    signal: new AbortController().signal,
  })
  return Object.fromEntries(staged.map((each) => [each.name, each.oid]))
}

async function oidsIn(run: Run_, schema: string): Promise<Waiting> {
  const { url, name } = await placeOf(run.services, run.plan.database)
  return withClient(url, { database: name, statementMs: 15_000 }, async (client) => {
    const { rows } = await client.query<{ name: string; oid: number }>(
      `select c.relname as name, c.oid::int8::float8 as oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = $1 and c.relkind = 'r'`,
      [schema],
    )
    return Object.fromEntries(rows.map((each) => [each.name, each.oid]))
  })
}

/** Takes away the tables that wait. Safe to repeat; the tables of a way back stay where they are kept. */
export async function dropStages(run: Run_): Promise<void> {
  if (run.plan.backTo !== undefined) return
  const { url, name } = await placeOf(run.services, run.plan.database)
  await withClient(url, { database: name, statementMs: 60_000 }, (client) =>
    dropStage(client, stageName(run.id), stagePurpose(run.id)),
  )
}

/** The schema with the replaced tables, as the exchange made it. */
async function keptOf(run: Run_): Promise<Kept> {
  if (tablesOf(run.plan).way === 'create') return undefined
  const { url, name } = await placeOf(run.services, run.plan.database)
  const all = await withClient(url, { database: name, statementMs: 15_000 }, listKeptSchemas)
  const kept = all.find((each) => each.name === keptSchemaName(run.id))
  return kept === undefined ? undefined : { name: kept.name, oid: kept.oid, dropAfter: kept.note.dropAfter }
}
