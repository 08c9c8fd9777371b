import {
  type Exchanged,
  type ExchangePlan,
  exchangeTables,
  lookAtExchange,
} from '../../../services/postgres/tables/exchange.ts'
import { patiently } from '../../restoring/patiently.ts'
import type { Fence, Run } from '../../types.ts'
import { placeOf } from '../place.ts'
import type { RecoverParams, RecoverPlan } from '../types.ts'
import { keptSchemaName, stageName } from './scope.ts'
import { tablesOf, type Waiting } from './steps.ts'

type Run_ = Run<RecoverParams, RecoverPlan>

/** One transaction behind the ledger; after a crash the OIDs tell whether it was committed. */
export function exchangeFence(run: Run_, waiting: Waiting): Fence<Exchanged> {
  const { tables, schema } = tablesOf(run.plan)
  return {
    intent: {
      schema,
      tables: tables.map(({ name, oid }) => ({ name, oid: oid ?? null, next: waiting[name] ?? null })),
    },
    act: async () => exchangeTables(await exchangePlanOf(run, waiting)),
    look: async () => {
      const plan = await exchangePlanOf(run, waiting)
      const seen = await patiently(() => lookAtExchange(plan))
      // Keys that were made unchecked are found by the check itself: one that holds already is checked in vain.
      if (seen === 'swapped') return { kind: 'done', result: { kind: 'swapped', ms: 0, keys: keysIn(run) } }
      if (seen === 'not_swapped') return { kind: 'not_done' }
      return { kind: 'unknown', why: `neither the old nor the new tables are in ${schema}` }
    },
  }
}

async function exchangePlanOf(run: Run_, waiting: Waiting): Promise<ExchangePlan> {
  const { plan, services, id } = run
  const { url, name } = await placeOf(services, plan.database)
  const { schema, tables, floors } = tablesOf(plan)
  return {
    url,
    database: name,
    schema,
    from: plan.backTo?.name ?? stageName(id),
    to: keptSchemaName(id),
    tables: tables.map((table) => ({ name: table.name, oid: table.oid ?? 0, next: waiting[table.name] ?? 0 })),
    floors,
    note: {
      run: id,
      at: new Date().toISOString(),
      dropAfter: new Date(Date.now() + plan.keepHours * 3_600_000).toISOString(),
    },
  }
}

function keysIn(run: Run_): Extract<Exchanged, { kind: 'swapped' }>['keys'] {
  const { keys, schema } = tablesOf(run.plan)
  return keys.map(({ name, way, other, table }) => ({
    name,
    table: way === 'in' ? quoted(other) : quoted(`${schema}.${table}`),
  }))
}

/** `schema.table`, where neither part holds a dot of its own: for such names the keys stay unchecked, which is told. */
const quoted = (whole: string): string =>
  whole
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.')
