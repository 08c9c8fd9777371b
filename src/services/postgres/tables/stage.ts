import { type Client, identifier, literal, qualified, withClient } from '../client.ts'
import { fixOutput, hashTable } from '../content.ts'
import { DatabaseError } from '../errors.ts'
import { copyRows } from './copy-rows.ts'

export type Staging = {
  readonly url: string
  /** The live database, and the one that rows come from. */
  readonly live: string
  readonly shadow: string
  /** Where the tables are in both, and where they are made. */
  readonly schema: string
  readonly stage: string
  readonly tables: readonly { readonly name: string; readonly bytes: number }[]
  /** Written on the schema, so that nobody wonders. */
  readonly purpose: string
  readonly signal: AbortSignal
  onBytes(bytes: number): void
}

export type Staged = { readonly name: string; readonly oid: number }

/**
 * Makes tables in a schema of the live database, in the form of those in use and with the rows of another database; what has been
 * written is read back and held against what was sent. Nothing in use is touched but read. Safe to repeat: what an earlier
 * attempt left is dropped.
 * @throws DatabaseError when a row does not fit the form of the table in use, or what is read back is not what was sent
 */
export async function stageTables(staging: Staging): Promise<readonly Staged[]> {
  const { url, live, shadow, signal } = staging
  return withClient(url, { database: live, signal }, (client) =>
    withClient(url, { database: shadow, signal }, async (source) => {
      for (const each of [client, source]) await fixOutput(each, 'UTC')
      await client.query(`set lock_timeout = '15s'; set maintenance_work_mem = '256MB'; set synchronous_commit = off`)
      await dropStage(client, staging.stage, staging.purpose)
      await client.query(`create schema ${identifier(staging.stage)}`)
      await client.query(`comment on schema ${identifier(staging.stage)} is ${literal(staging.purpose)}`)
      const staged: Staged[] = []
      let before = 0
      for (const { name, bytes } of staging.tables) {
        const oid = await stageOne(client, source, staging, name, (n) => staging.onBytes(before + n))
        staged.push({ name, oid })
        before += bytes
      }
      return staged
    }),
  )
}

/** Only with its own note: a schema that somebody made under this name stays, and is an error at the next statement. */
export async function dropStage(client: Client, stage: string, purpose: string): Promise<void> {
  const { rows } = await client.query<{ note: string | null }>(
    `select obj_description(oid, 'pg_namespace') as note from pg_namespace where nspname = $1`,
    [stage],
  )
  if (rows[0]?.note === purpose) await client.query(`drop schema ${identifier(stage)} cascade`)
}

async function stageOne(
  client: Client,
  source: Client,
  { schema, stage }: Staging,
  name: string,
  onBytes: (bytes: number) => void,
): Promise<number> {
  const [own, made] = [qualified(schema, name), qualified(stage, name)]
  const columns = await makeAlike(client, own, made)
  const sent = await copyRows(
    { client: source, table: { schema, name } },
    { client, table: { schema: stage, name } },
    columns,
    onBytes,
  )
  const back = await hashTable(client, { schema: stage, name, columns })
  if (back.sha256 !== sent.sha256 || back.bytes !== sent.bytes)
    throw new DatabaseError('database_refused', 'XX001', `what was written into ${made} is not what is read from it`)
  for (const statement of await buildsOf(client, own, schema, stage, name)) await client.query(statement)
  await client.query(`analyze ${made}`)
  const { rows } = await client.query<{ oid: number }>('select $1::regclass::oid::int8::float8 as oid', [made])
  return rows[0]?.oid ?? 0
}

/** An empty table of the same form, without indexes and keys. @returns the columns that hold data of their own */
async function makeAlike(client: Client, own: string, made: string): Promise<string[]> {
  const { rows } = await client.query<{
    am: string
    space: string | null
    options: string[] | null
    toast: string[] | null
  }>(
    `select a.amname as am, s.spcname as space, c.reloptions as options,
       (select t.reloptions from pg_class t where t.oid = c.reltoastrelid) as toast
     from pg_class c join pg_am a on a.oid = c.relam left join pg_tablespace s on s.oid = c.reltablespace where c.oid = $1::regclass`,
    [own],
  )
  const [row] = rows
  const options = [...(row?.options ?? []), ...(row?.toast ?? []).map((each) => `toast.${each}`)]
  await client.query(
    `create table ${made} (like ${own} including all excluding indexes excluding statistics) using ${identifier(row?.am ?? 'heap')}
     ${options.length === 0 ? '' : `with (${options.join(', ')})`}
     ${row?.space == null ? '' : `tablespace ${identifier(row.space)}`}`,
  )
  const { rows: tuned } = await client.query<{ statement: string }>(
    `select format('alter table ${made.replaceAll("'", "''").replaceAll('%', '%%')} alter column %I set statistics %s', attname, attstattarget) as statement
       from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attstattarget > 0
     union all select format('alter table ${made.replaceAll("'", "''").replaceAll('%', '%%')} alter column %I set (%s)', attname, array_to_string(attoptions, ', '))
       from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attoptions is not null`,
    [own],
  )
  for (const { statement } of tuned) await client.query(statement)
  const { rows: columns } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [own],
  )
  return columns.map(({ name }) => name)
}

/** Indexes and the constraints that are made of them, under their own names. */
async function buildsOf(client: Client, own: string, schema: string, stage: string, name: string): Promise<string[]> {
  const made = qualified(stage, name)
  const { rows } = await client.query<{
    index: string
    unique: boolean
    whole: string
    constraint: string | null
    form: string | null
    clustered: boolean
    note: string | null
  }>(
    `select c.relname as index, i.indisunique as unique, pg_get_indexdef(i.indexrelid) as whole, k.conname as constraint,
       pg_get_constraintdef(k.oid) as form, i.indisclustered as clustered, obj_description(c.oid, 'pg_class') as note
     from pg_index i join pg_class c on c.oid = i.indexrelid
     left join pg_constraint k on k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u', 'x')
     where i.indrelid = $1::regclass order by k.conname is null, 1`,
    [own],
  )
  const { rows: quoted } = await client.query<{ q: string }>(`select format('%I.%I', $1::text, $2::text) as q`, [
    schema,
    name,
  ])
  return rows.flatMap((row) => {
    const builds =
      row.constraint === null
        ? indexElsewhere(row.whole, row.unique, row.index, quoted[0]?.q ?? '', made)
        : `alter table ${made} add constraint ${identifier(row.constraint)} ${row.form ?? ''}`
    return [
      builds,
      ...(row.clustered ? [`alter table ${made} cluster on ${identifier(row.index)}`] : []),
      ...(row.note === null ? [] : [`comment on index ${qualified(stage, row.index)} is ${literal(row.note)}`]),
    ]
  })
}

/** The statement of an index, for another table: its beginning is known to the letter, or it is not used. */
function indexElsewhere(whole: string, unique: boolean, index: string, own: string, made: string): string {
  const at = whole.indexOf(` ON ${own} USING `)
  if (at < 0 || !whole.startsWith(`CREATE ${unique ? 'UNIQUE ' : ''}INDEX `))
    throw new DatabaseError(
      'database_refused',
      'XX000',
      `the index ${index} has a form that is not known: ${whole.slice(0, 120)}`,
    )
  return `${whole.slice(0, at)} ON ${made}${whole.slice(at + ` ON ${own}`.length)}`
}
