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

const keptComment = (note: KeptNote): string =>
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
  return rows.flatMap(({ name, oid, bytes, comment }) => {
    const note = /replaced in (R-\d+) at (\S+); drop after (\S+)$/.exec(comment)
    if (note === null) return []
    const [, run = '', at = '', dropAfter = ''] = note
    return [{ name, oid, bytes: Number(bytes), note: { run, at, dropAfter } }]
  })
}
