import { type Client, identifier, literal, withClient } from './client.ts'
import type { SwapPlan } from './swap.ts'

export type KeptNote = { readonly run: string; readonly at: string; readonly dropAfter: string }

/** Closes the replaced database and writes on it what it is and when it may go. Safe to repeat. */
export async function closeKept(plan: SwapPlan, note: KeptNote): Promise<void> {
  if (plan.liveOid === undefined) return
  await withClient(plan.url, { database: plan.maintenance, statementMs: 30_000 }, async (client) => {
    const name = identifier(plan.kept)
    await client.query(`comment on database ${name} is ${literal(keptComment(note))}`)
    await client.query(`alter database ${name} allow_connections false`)
  })
}

/** Gives a database another name and a note. Safe to repeat. */
export async function keepAs(client: Client, from: string, to: string, note: KeptNote): Promise<void> {
  const { rows } = await client.query('select from pg_database where datname = $1', [to])
  if (rows.length === 0) await client.query(`alter database ${identifier(from)} rename to ${identifier(to)}`)
  await client.query(`comment on database ${identifier(to)} is ${literal(keptComment(note))}`)
}

/** Closes a kept database that was opened for a way back which did not come; one that came back is left alone. */
export async function closeAgain(client: Client, kept: { readonly name: string; readonly oid: number }): Promise<void> {
  const { rows } = await client.query('select from pg_database where datname = $1 and oid = $2', [kept.name, kept.oid])
  if (rows.length > 0) await setOpen(client, kept.name, false)
}

/** Opens a kept database again, for looking or for coming back. */
export async function setOpen(client: Client, database: string, open: boolean): Promise<void> {
  await client.query(`alter database ${identifier(database)} allow_connections ${open}`)
}

export const keptComment = (note: KeptNote): string =>
  `kept by rescue: replaced in ${note.run} at ${note.at}; drop after ${note.dropAfter}`

export type KeptDatabase = {
  readonly name: string
  readonly oid: number
  readonly bytes: number
  readonly note: KeptNote
}

/** Databases that were replaced by restores and still stand, newest first. */
export async function listKept(client: Client): Promise<KeptDatabase[]> {
  const { rows } = await client.query<{ name: string; oid: number; bytes: string; comment: string }>(
    `select datname as name, oid::int8::float8 as oid, pg_database_size(oid) as bytes, shobj_description(oid, 'pg_database') as comment
     from pg_database where shobj_description(oid, 'pg_database') like 'kept by rescue: %' order by 4 desc`,
  )
  return rows.flatMap(({ comment, bytes, ...row }) => {
    const note = noteIn(comment)
    return note === undefined ? [] : [{ ...row, bytes: Number(bytes), note }]
  })
}

export type KeptSchema = KeptDatabase & { readonly tables: readonly string[] }

/** Schemas of the connected database with tables that were replaced alone. */
export async function listKeptSchemas(client: Client): Promise<KeptSchema[]> {
  const { rows } = await client.query<{ name: string; oid: number; bytes: string; comment: string; tables: string[] }>(
    `select n.nspname as name, n.oid::int8::float8 as oid, obj_description(n.oid, 'pg_namespace') as comment,
       coalesce((select sum(pg_total_relation_size(c.oid)) from pg_class c where c.relnamespace = n.oid and c.relkind = 'r'), 0) as bytes,
       array(select c.relname::text from pg_class c where c.relnamespace = n.oid and c.relkind = 'r' order by 1) as tables
     from pg_namespace n where n.nspname like 'rescue\\_old\\_%' and obj_description(n.oid, 'pg_namespace') like 'kept by rescue: %' order by 3 desc`,
  )
  return rows.flatMap(({ comment, bytes, ...row }) => {
    const note = noteIn(comment)
    return note === undefined ? [] : [{ ...row, bytes: Number(bytes), note }]
  })
}

function noteIn(comment: string): KeptNote | undefined {
  const found = /replaced in (R-\d+) at (\S+); drop after (\S+)$/.exec(comment)
  if (found === null) return undefined
  const [, run = '', at = '', dropAfter = ''] = found
  return { run, at, dropAfter }
}
