import { withClient } from '../../../services/postgres/client.ts'
import { fixOutput } from '../../../services/postgres/content.ts'
import { countBroken } from '../../../services/postgres/tables/broken-keys.ts'
import { type Key, lookAtTables, type TablesHere } from '../../../services/postgres/tables/look.ts'
import type { Refused } from '../../restoring/verdict.ts'
import type { Run } from '../../types.ts'
import { placeOf } from '../place.ts'
import type { Good, RecoverParams, RecoverPlan, TablesPlan } from '../types.ts'

type Run_ = Run<RecoverParams, RecoverPlan>

export type Examined =
  | Refused
  | { readonly kind: 'examined'; readonly tables: TablesPlan; readonly keys: readonly Key[] }

/** Whether these tables can be replaced alone without risk, and what hangs on them. Nothing is changed. */
export async function examineTables(run: Run_, judged: Good): Promise<Examined> {
  const { url, name } = await placeOf(run.services, run.plan.database)
  const { contents } = judged
  const schema = contents.tables[0]?.schema ?? ''
  const names = contents.tables.map((table) => table.name)
  const here = await withClient(url, { database: name, statementMs: 30_000 }, (client) =>
    lookAtTables(client, schema, names),
  )
  const missing = names.filter((each) => !here.tables.some((table) => table.name === each))
  const obstacle = obstacleOf(here)
  if (obstacle !== undefined) return obstacle
  if (missing.length > 0 && here.tables.length > 0)
    return refused('tables_missing', { available: missing.map((each) => `${schema}.${each}`) })
  return {
    kind: 'examined',
    keys: here.keys,
    tables: {
      way: here.tables.length === 0 ? 'create' : 'exchange',
      schema,
      tables:
        here.tables.length === 0
          ? contents.tables.map(({ name: own, bytes }) => ({ name: own, oid: undefined, bytes }))
          : here.tables,
      ...hanging(here),
      keys: [],
      floors: contents.sequences.filter((sequence) => sequence.schema === schema),
    },
  }
}

const hanging = ({ views, triggers, policies }: TablesHere) => ({ views, triggers, policies })

export function obstacleOf({ obstacles, missing }: TablesHere): Refused | undefined {
  if (missing.length > 0) return refused('rights_missing', { missing })
  if (obstacles.length === 0) return undefined
  return refused('not_alone', {
    obstacles: obstacles.map(({ table, why, what }) => ({ table, why, what })),
  })
}

export const refused = (reason: string, detail: Record<string, unknown>): Refused => ({
  kind: 'refused',
  reason,
  detail,
})

/**
 * The form of the tables in use against that of the ones that would take their places, and how many rows would refer to nothing.
 * @param next the database and schema where the others are
 */
export async function compareForms(
  run: Run_,
  tables: TablesPlan,
  keys: readonly Key[],
  next: { readonly database: string; readonly schema: string },
): Promise<Refused | { readonly kind: 'alike'; readonly tables: TablesPlan }> {
  const { url, name } = await placeOf(run.services, run.plan.database)
  return withClient(url, { database: name, statementMs: 600_000 }, (live) =>
    withClient(url, { database: next.database, statementMs: 600_000 }, async (other) => {
      const names = tables.tables.map((table) => table.name)
      const [mine, theirs] = [
        await lookAtTables(live, tables.schema, names),
        await lookAtTables(other, next.schema, names),
      ]
      const differing = mine.tables.flatMap((table) =>
        differences(
          table,
          theirs.tables.find((each) => each.name === table.name),
        ),
      )
      if (differing.length > 0) return refused('form_differs', { differing })
      for (const client of [live, other]) {
        await fixOutput(client, 'UTC')
        await client.query('begin isolation level repeatable read read only')
      }
      const counted: TablesPlan['keys'][number][] = []
      for (const key of keys) {
        const broken = await countBroken(key, { client: live }, { client: other, schema: next.schema })
        counted.push({
          name: key.name,
          way: key.way,
          table: key.table,
          other: `${key.other.schema}.${key.other.name}`,
          broken,
        })
      }
      return { kind: 'alike', tables: { ...tables, keys: counted } } as const
    }),
  )
}

type Form = { readonly name: string; readonly columns: readonly string[] }

function differences(mine: Form, theirs: Form | undefined): string[] {
  if (theirs === undefined) return [`${mine.name}: -`]
  const only = (one: Form, other: Form, mark: string) =>
    one.columns.filter((column) => !other.columns.includes(column)).map((column) => `${mine.name}: ${mark}${column}`)
  return [...only(mine, theirs, '+'), ...only(theirs, mine, '-')]
}
