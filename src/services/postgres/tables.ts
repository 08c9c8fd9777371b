import type { Client } from './client.ts'

export type Table = {
  readonly schema: string
  readonly name: string
  readonly bytes: number
  /** Of the primary key, in its order; empty: none. */
  readonly key: readonly string[]
  readonly columns: readonly string[]
  /** `column type` of those whose values are the same to the byte where PostgreSQL calls them equal. */
  readonly exact?: readonly string[]
}

/** Not numeric (1.0 is 1.00), intervals, JSON and whatever extensions bring: these are compared as text. */
const exactTypes = '{int2,int4,int8,oid,bool,date,timestamp,timestamptz,uuid,text,varchar,bytea}'

/** Ordinary tables with rows of their own; not those of extensions and of the system. */
export async function listTables(client: Client): Promise<Table[]> {
  const { rows } = await client.query<{
    schema: string
    name: string
    bytes: string
    key: string[]
    columns: string[]
    exact: string[]
  }>(
    `select n.nspname as schema, c.relname as name, pg_total_relation_size(c.oid) as bytes,
       array(select a.attname::text from pg_index i cross join unnest(i.indkey) with ordinality k(num, at)
             join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.num
             where i.indrelid = c.oid and i.indisprimary order by k.at) as key,
       array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
             and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
       array(select a.attname || ' ' || a.atttypid::regtype from pg_attribute a left join pg_collation k on k.oid = a.attcollation
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
             and a.atttypid = any('${exactTypes}'::regtype[]) and k.collisdeterministic is not false
             and to_regproc('pg_catalog.hash_record_extended') is not null) as exact
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname not in ('pg_catalog', 'information_schema')
       and n.nspname !~ '^pg_' and not exists
         (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
     order by 1, 2`,
  )
  return rows.map((row) => ({ ...row, bytes: Number(row.bytes) }))
}

/** `schema.table`, as people and the gate write it. */
export const nameOf = (table: { readonly schema: string; readonly name: string }): string =>
  `${table.schema}.${table.name}`
