import { createHash } from 'node:crypto'
import type pg from 'pg'
import { connect } from '../../scenarios/support/databases.ts'
import type { World } from '../../scenarios/support/world.ts'

/** Everything in a database by name; two that are equal hold the same, to the byte. */
export type Portrait = Readonly<Record<string, string>>

const fixed = `set timezone = 'UTC'; set bytea_output = hex; set extra_float_digits = 3; set search_path = pg_catalog; set row_security = off`

const ours = `n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'`

/** What the catalog tells, each as text that names no OID. */
const definitions: Readonly<Record<string, string>> = {
  relations: `select concat_ws(' ', c.relkind, c.oid::regclass, pg_get_userbyid(c.relowner), c.relacl::text, c.relrowsecurity) as line
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${ours}`,
  columns: `select concat_ws(' ', a.attrelid::regclass, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
      pg_get_expr(d.adbin, d.adrelid)) as line
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where ${ours} and a.attnum > 0 and not a.attisdropped`,
  indexes: `select concat_ws(' ', pg_get_indexdef(i.indexrelid), i.indisvalid) as line from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace where ${ours}`,
  constraints: `select concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(k.oid), convalidated) as line from pg_constraint k join pg_namespace n on n.oid = k.connamespace where ${ours}`,
  triggers: `select concat_ws(' ', pg_get_triggerdef(t.oid), tgenabled) as line from pg_trigger t where not tgisinternal`,
  policies: `select concat_ws(' ', tablename, policyname, cmd, qual, roles::text) as line from pg_policies`,
  functions: `select pg_get_functiondef(p.oid) as line from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${ours}`,
  largeObjects: `select concat_ws(' ', m.oid, pg_get_userbyid(lomowner), md5(lo_get(m.oid))) as line from pg_largeobject_metadata m`,
}

export async function portraitOf(world: World, database: string): Promise<Portrait> {
  const client = await connect(world, database)
  try {
    await client.query(fixed)
    await client.query('begin isolation level repeatable read read only')
    const portrait: Record<string, string> = {}
    for (const [name, query] of Object.entries(definitions)) portrait[name] = await lines(client, query)
    const tables = `select c.oid::regclass::text as line from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${ours} and c.relkind in ('r', 'm')`
    for (const table of (await lines(client, tables)).split('\n').filter(Boolean))
      portrait[`rows of ${table}`] = sum(await lines(client, `select t::text as line from only ${table} t`))
    return portrait
  } finally {
    await client.end()
  }
}

/** Where each sequence stands, and its step. */
export type Sequences = Readonly<Record<string, { readonly at: number; readonly step: number }>>

export async function sequencesOf(world: World, database: string): Promise<Sequences> {
  const client = await connect(world, database)
  try {
    const { rows } = await client.query(
      `select schemaname || '.' || sequencename as name, coalesce(last_value, 0)::float8 as at, increment_by::int as step from pg_sequences`,
    )
    return Object.fromEntries(rows.map(({ name, at, step }) => [name, { at, step }]))
  } finally {
    await client.end()
  }
}

/** PostgreSQL writes 32 values ahead into its log (SEQ_LOG_VALS): after a crash a sequence may go on so much later. */
const ahead = 33

/** Sequences that stand elsewhere than they should. */
export function sequencesMoved(now: Sequences, wanted: Sequences, crashed: boolean): readonly string[] {
  const names = [...new Set([...Object.keys(now), ...Object.keys(wanted)])]
  return names.filter((name) => {
    const [is, was] = [now[name], wanted[name]]
    if (is === undefined || was === undefined || is.step !== was.step) return true
    return is.at < was.at || is.at > was.at + (crashed ? ahead * was.step : 0)
  })
}

/** In byte order, so that where a row lies does not matter. */
async function lines(client: pg.Client, query: string): Promise<string> {
  const { rows } = await client.query<{ line: string }>(
    `select line from (${query}) all_of_it order by line collate "C"`,
  )
  return rows.map(({ line }) => line).join('\n')
}

function sum(text: string): string {
  return `${text === '' ? 0 : text.split('\n').length} lines, ${createHash('sha256').update(text).digest('hex')}`
}

/** What belongs to the database itself and is in no dump of it. */
export async function aroundOf(world: World, database: string): Promise<string> {
  const client = await connect(world, 'postgres')
  try {
    return await lines(
      client,
      `select concat_ws(' ', pg_get_userbyid(d.datdba), (select string_agg(a::text, ',' order by a::text collate "C") from unnest(d.datacl) a), d.datconnlimit, pg_encoding_to_char(d.encoding), d.datcollate, d.datctype,
         shobj_description(d.oid, 'pg_database'), (select string_agg(s.setrole::regrole || ' ' || s.setconfig::text, ';' order by s.setrole) from pg_db_role_setting s where s.setdatabase = d.oid)) as line
       from pg_database d where d.datname = '${database}'`,
    )
  } finally {
    await client.end()
  }
}
