import { withClient } from '../../../services/postgres/client.ts'
import { listKeptSchemas } from '../../../services/postgres/kept.ts'
import { lookAtTables } from '../../../services/postgres/tables/look.ts'
import type { Refused } from '../../restoring/verdict.ts'
import type { Report, Run } from '../../types.ts'
import { placeOf } from '../place.ts'
import { type Lost, lossOf } from '../prepare-steps.ts'
import type { Good, RecoverParams, RecoverPlan, Shadow, TablesPlan } from '../types.ts'
import { compareForms, type Examined, obstacleOf, refused } from './examine.ts'

type Run_ = Run<RecoverParams, RecoverPlan>

export type TablesCompared = Refused | (Extract<Lost, { kind: 'known' }> & { readonly tables: TablesPlan })

/** What these tables have that the backup has not, whether both have one form, and what would refer to nothing. */
export async function previewTables(
  run: Run_,
  judged: Good,
  shadow: Shadow,
  examined: Extract<Examined, { kind: 'examined' }>,
  signal: AbortSignal,
  report: Report,
): Promise<TablesCompared> {
  const { tables, keys } = examined
  const next = { database: shadow.name, schema: tables.schema }
  const alike = tables.way === 'create' ? examined : await compareForms(run, tables, keys, next)
  if (alike.kind === 'refused') return alike
  const only = { tables, nextSchema: tables.schema }
  const lost = await lossOf(run, shadow.name, signal, report, { backup: judged.contents.tables, only })
  return lost.kind === 'refused' ? lost : { ...lost, tables: alike.tables }
}

export type WayBack =
  | Refused
  | (Extract<Lost, { kind: 'known' }> & {
      readonly shadow: Shadow
      readonly newest: string | undefined
      readonly tables: TablesPlan | undefined
    })

/** The tables that an earlier run has put aside, against those in use now. */
export async function previewTablesBack(run: Run_, signal: AbortSignal, report: Report): Promise<WayBack> {
  const { backTo, database } = run.plan
  const { url, name } = await placeOf(run.services, database)
  if (backTo?.schema === undefined) return refused('kept_gone', {})
  const { schema } = backTo
  const found = await withClient(url, { database: name, statementMs: 30_000 }, async (client) => {
    const kept = (await listKeptSchemas(client)).find(({ oid }) => oid === backTo.oid)
    return kept === undefined ? undefined : { kept, here: await lookAtTables(client, schema, kept.tables) }
  })
  if (found === undefined) return refused('kept_gone', { kept: backTo.name, run: backTo.run })
  const { kept, here } = found
  const obstacle = obstacleOf(here)
  if (obstacle !== undefined) return obstacle
  const gone = kept.tables.filter((each) => !here.tables.some((table) => table.name === each))
  if (gone.length > 0) return refused('tables_missing', { available: gone.map((each) => `${schema}.${each}`) })
  const { views, triggers, policies } = here
  const planned: TablesPlan = {
    way: 'exchange',
    schema,
    tables: here.tables,
    views,
    triggers,
    policies,
    keys: [],
    floors: [],
  }
  const alike = await compareForms(run, planned, here.keys, { database: name, schema: kept.name })
  if (alike.kind === 'refused') return alike
  const lost = await lossOf(run, name, signal, report, { only: { tables: planned, nextSchema: kept.name } })
  if (lost.kind === 'refused') return lost
  // It is not a database of its own: the newest moment is that of all tables, and tells nothing of these.
  return { ...lost, shadow: { name: kept.name, oid: kept.oid }, newest: undefined, tables: alike.tables }
}
