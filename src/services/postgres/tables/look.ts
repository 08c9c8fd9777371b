import { type Client, literal } from '../client.ts'
import type { MissingRight } from '../live-facts.ts'

/** A table of the live database that is to be replaced alone. */
export type TableHere = {
  readonly name: string
  readonly oid: number
  readonly bytes: number
  /** `name type`, in the order of the table, generated ones too. */
  readonly columns: readonly string[]
}

/** A foreign key between a table of the scope and another one. */
export type Key = {
  readonly name: string
  /** `out`: the table refers to the other one; `in`: the other one refers to it. */
  readonly way: 'out' | 'in'
  readonly table: string
  readonly columns: readonly string[]
  readonly other: { readonly schema: string; readonly name: string; readonly oid: number }
  readonly otherColumns: readonly string[]
}

/** Why a table cannot be replaced alone without risk. */
export type Obstacle = {
  readonly table: string
  readonly why: 'partitioned' | 'partition' | 'inheritance' | 'not_ordinary' | 'published' | 'depended_on'
  readonly what: string
}

export type TablesHere = {
  readonly tables: readonly TableHere[]
  readonly obstacles: readonly Obstacle[]
  readonly keys: readonly Key[]
  /** Views that read from them. */
  readonly views: readonly string[]
  readonly triggers: readonly string[]
  readonly policies: readonly string[]
  readonly missing: readonly MissingRight[]
}

/** Reads tables of one schema and everything that hangs on them; those that are not there are left out. */
export async function lookAtTables(client: Client, schema: string, names: readonly string[]): Promise<TablesHere> {
  const { rows: found } = await client.query<{
    name: string
    oid: number
    bytes: string
    kind: string
    partition: boolean
    parent: boolean
    persistence: string
    typed: boolean
    columns: string[]
  }>(
    `select c.relname as name, c.oid::int8::float8 as oid, pg_total_relation_size(c.oid) as bytes, c.relkind as kind,
       c.relispartition as partition, c.relpersistence as persistence, c.reloftype <> 0 as typed,
       exists (select from pg_inherits i where c.oid in (i.inhrelid, i.inhparent)) as parent,
       array(select quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) from pg_attribute a
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = any($2) and c.relkind in ('r', 'p', 'f', 'v', 'm') order by 1`,
    [schema, names],
  )
  const tables = found.map(({ name, oid, bytes, columns }) => ({ name, oid, bytes: Number(bytes), columns }))
  const forms = found.flatMap(({ name, kind, partition, parent, persistence, typed }): Obstacle[] => {
    if (kind === 'p') return [{ table: name, why: 'partitioned', what: '' }]
    if (kind !== 'r' || persistence !== 'p' || typed) return [{ table: name, why: 'not_ordinary', what: '' }]
    if (partition) return [{ table: name, why: 'partition', what: '' }]
    return parent ? [{ table: name, why: 'inheritance', what: '' }] : []
  })
  const oids = tables.map(({ oid }) => oid)
  const nameOf = new Map(tables.map(({ oid, name }) => [oid, name]))
  return {
    tables,
    obstacles: [...forms, ...(await published(client, oids, nameOf)), ...(await dependents(client, oids, nameOf))],
    keys: await keysOf(client, oids, nameOf),
    views: await viewsOn(client, oids),
    ...(await ownCode(client, oids)),
    missing: await missingRights(client, schema, oids),
  }
}

type Names = ReadonlyMap<number, string>

async function published(client: Client, oids: readonly number[], nameOf: Names): Promise<Obstacle[]> {
  const { rows } = await client.query<{ oid: number; what: string }>(
    `select t.oid::int8::float8 as oid, p.pubname as what from unnest($1::oid[]) t(oid) cross join pg_publication p
     where p.puballtables or exists
       (select from pg_publication_tables x join pg_class c on c.oid = t.oid join pg_namespace n on n.oid = c.relnamespace
        where x.pubname = p.pubname and x.schemaname = n.nspname and x.tablename = c.relname)`,
    [oids],
  )
  return rows.map(({ oid, what }) => ({ table: nameOf.get(oid) ?? '', why: 'published', what }))
}

/**
 * Whatever PostgreSQL knows to depend on the table and is not carried over with it: functions with a body of SQL, materialized
 * views, rules, other tables' policies, its row type or the sequence of its identity in use elsewhere. What is not known here is an obstacle too.
 */
async function dependents(client: Client, oids: readonly number[], nameOf: Names): Promise<Obstacle[]> {
  const { rows } = await client.query<{ oid: number; what: string }>(
    `with t as (select c.oid, c.reltype, (select typarray from pg_type y where y.oid = c.reltype) as arraytype
                from pg_class c where c.oid = any($1::oid[])),
     mine as (
       select t.oid as t, 'pg_class'::regclass as class, t.oid as obj from t
       union all select t.oid, 'pg_type'::regclass, x from t, unnest(array[t.reltype, t.arraytype]) x where x is not null
       union all select t.oid, 'pg_class'::regclass, s.objid from t join pg_depend s on s.refclassid = 'pg_class'::regclass
         and s.refobjid = t.oid and s.classid = 'pg_class'::regclass and s.deptype = 'i'
         join pg_class q on q.oid = s.objid and q.relkind = 'S')
     select m.t::int8::float8 as oid, string_agg(distinct pg_describe_object(d.classid, d.objid, d.objsubid), ', ') as what
     from mine m join pg_depend d on d.refclassid = m.class and d.refobjid = m.obj
     where d.deptype <> 'i'
       and not exists (select from mine o where o.class = d.classid and o.obj = d.objid)
       and not (d.classid = 'pg_class'::regclass and exists (select from pg_class i where i.oid = d.objid and i.relkind in ('i', 't', 'S')))
       and not (d.classid = 'pg_constraint'::regclass and exists
         (select from pg_constraint k where k.oid = d.objid and (k.contype = 'f' or k.conrelid = m.t)))
       and not (d.classid = 'pg_trigger'::regclass and exists (select from pg_trigger g where g.oid = d.objid and (g.tgrelid = m.t or g.tgisinternal)))
       and not (d.classid = 'pg_attrdef'::regclass and exists (select from pg_attrdef f where f.oid = d.objid and f.adrelid = m.t))
       and not (d.classid = 'pg_policy'::regclass and exists (select from pg_policy p where p.oid = d.objid and p.polrelid = m.t))
       and not (d.classid = 'pg_statistic_ext'::regclass)
       and not (d.classid = 'pg_rewrite'::regclass and m.class = 'pg_class'::regclass and exists
         (select from pg_rewrite w join pg_class v on v.oid = w.ev_class
          where w.oid = d.objid and v.relkind = 'v' and w.rulename = '_RETURN'))
     group by 1`,
    [oids],
  )
  return rows.map(({ oid, what }) => ({ table: nameOf.get(oid) ?? '', why: 'depended_on', what }))
}

/** Those between two tables of the scope are none: both sides are of the same backup. */
async function keysOf(client: Client, oids: readonly number[], nameOf: Names): Promise<Key[]> {
  const columns = (rel: string, key: string) =>
    `array(select a.attname::text from unnest(k.${key}) with ordinality u(n, at)
       join pg_attribute a on a.attrelid = k.${rel} and a.attnum = u.n order by u.at)`
  const { rows } = await client.query<{
    name: string
    own: number
    refers: boolean
    schema: string
    other: string
    otherOid: number
    columns: string[]
    otherColumns: string[]
  }>(
    `select k.conname as name, k.conrelid = any($1::oid[]) as refers,
       (case when k.conrelid = any($1::oid[]) then k.conrelid else k.confrelid end)::int8::float8 as own,
       n.nspname as schema, o.relname as other, o.oid::int8::float8 as "otherOid",
       case when k.conrelid = any($1::oid[]) then ${columns('conrelid', 'conkey')} else ${columns('confrelid', 'confkey')} end as columns,
       case when k.conrelid = any($1::oid[]) then ${columns('confrelid', 'confkey')} else ${columns('conrelid', 'conkey')} end as "otherColumns"
     from pg_constraint k
     join pg_class o on o.oid = case when k.conrelid = any($1::oid[]) then k.confrelid else k.conrelid end
     join pg_namespace n on n.oid = o.relnamespace
     where k.contype = 'f' and (k.conrelid = any($1::oid[])) <> (k.confrelid = any($1::oid[])) order by 1`,
    [oids],
  )
  return rows.map((row) => ({
    name: row.name,
    way: row.refers ? 'out' : 'in',
    table: nameOf.get(row.own) ?? '',
    columns: row.columns,
    other: { schema: row.schema, name: row.other, oid: row.otherOid },
    otherColumns: row.otherColumns,
  }))
}

async function viewsOn(client: Client, oids: readonly number[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select distinct w.ev_class::regclass::text as name from pg_depend d join pg_rewrite w on w.oid = d.objid
     where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = any($1::oid[])
       and w.rulename = '_RETURN' order by 1`,
    [oids],
  )
  return rows.map(({ name }) => name)
}

async function ownCode(client: Client, oids: readonly number[]) {
  const list = async (sql: string) => (await client.query<{ name: string }>(sql, [oids])).rows.map(({ name }) => name)
  return {
    triggers: await list(
      'select tgname as name from pg_trigger where tgrelid = any($1::oid[]) and not tgisinternal order by 1',
    ),
    policies: await list('select polname as name from pg_policy where polrelid = any($1::oid[]) order by 1'),
  }
}

/** To replace a table one must be what owns it, what refers to it, and the views that read it; and make schemas in the database. */
async function missingRights(client: Client, schema: string, oids: readonly number[]): Promise<MissingRight[]> {
  const { rows } = await client.query<{ owner: string; me: string }>(
    `select distinct pg_get_userbyid(c.relowner) as owner, current_user as me from pg_class c
     where not pg_has_role(c.relowner, 'usage') and (c.oid = any($1::oid[])
       or c.oid in (select conrelid from pg_constraint where contype = 'f' and confrelid = any($1::oid[]))
       or c.oid in (select confrelid from pg_constraint where contype = 'f' and conrelid = any($1::oid[]))
       or c.oid in (select w.ev_class from pg_depend d join pg_rewrite w on w.oid = d.objid
                    where d.classid = 'pg_rewrite'::regclass and d.refobjid = any($1::oid[])))`,
    [oids],
  )
  const members = rows.map(({ owner, me }) => ({ right: `member of ${owner}`, grant: `GRANT "${owner}" TO "${me}"` }))
  const { rows: may } = await client.query<{ me: string; db: string; make: boolean; into: boolean }>(
    `select current_user as me, current_database() as db, has_database_privilege(current_database(), 'create') as make,
       coalesce((select has_schema_privilege(oid, 'create') from pg_namespace where nspname = ${literal(schema)}), false) as into`,
  )
  const [row] = may
  if (row?.make !== true)
    members.push({ right: 'CREATE', grant: `GRANT CREATE ON DATABASE "${row?.db ?? ''}" TO "${row?.me ?? ''}"` })
  if (row?.into !== true)
    members.push({ right: 'CREATE', grant: `GRANT CREATE ON SCHEMA "${schema}" TO "${row?.me ?? ''}"` })
  return members
}
