import type { Client } from '../client.ts'

/** Everything the catalog says of a table, by kind, as lines that two tables of the same name and form have alike. */
export type Description = ReadonlyMap<string, readonly string[]>

const acl = (column: string, kind: string, owner: string) =>
  `(select string_agg(coalesce(nullif(x.grantee, 0)::regrole::text, 'public') || '=' || x.privilege_type || x.is_grantable::text, ' '
     order by x.grantee, x.privilege_type) from aclexplode(coalesce(${column}, acldefault('${kind}', ${owner}))) x)`

/**
 * `NOT VALID` is left out: keys are checked again afterwards, and checks were by loading. The type of a sequence is too: before
 * version 16, `LIKE` makes a bigint one with the right bounds.
 */
const parts: Readonly<Record<string, string>> = {
  table: `select concat_ws(' ', pg_get_userbyid(c.relowner), c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.relpersistence,
      a.amname, c.reltablespace, array_to_string(c.reloptions, ','), obj_description(c.oid, 'pg_class'),
      (select array_to_string(t.reloptions, ',') from pg_class t where t.oid = c.reltoastrelid)) as line
    from pg_class c left join pg_am a on a.oid = c.relam where c.oid = $1`,
  grants: `select ${acl('c.relacl', 'r', 'c.relowner')} as line from pg_class c where c.oid = $1
    union all select a.attname || ' ' || ${acl('a.attacl', 'c', 'c.relowner')} from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.oid = $1 and a.attnum > 0 and not a.attisdropped and a.attacl is not null`,
  columns: `select concat_ws(' ', row_number() over (order by a.attnum), quote_ident(a.attname), format_type(a.atttypid, a.atttypmod), a.attnotnull,
      a.attidentity, a.attgenerated, a.attcollation, a.attstorage, to_jsonb(a) ->> 'attcompression',
      coalesce(nullif(to_jsonb(a) ->> 'attstattarget', '-1'), ''), array_to_string(a.attoptions, ','),
      pg_get_expr(d.adbin, d.adrelid), col_description(a.attrelid, a.attnum)) as line
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped`,
  constraints: `select quote_ident(conname) || ' ' || replace(pg_get_constraintdef(oid), ' NOT VALID', '') as line
    from pg_constraint where conrelid = $1 and contype <> 't'`,
  indexes: `select concat_ws(' ', pg_get_indexdef(i.indexrelid), i.indisclustered, i.indisreplident, i.indimmediate, c.reltablespace) as line
    from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = $1`,
  triggers: `select pg_get_triggerdef(oid) || ' ' || tgenabled::text as line from pg_trigger where tgrelid = $1 and not tgisinternal`,
  policies: `select concat_ws(' ', polname, polcmd, polpermissive, array(select nullif(r, 0)::regrole::text from unnest(polroles) r order by 1)::text,
      pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) as line from pg_policy where polrelid = $1`,
  statistics: `select concat_ws(' ', array_to_string(stxkind, ''), stxkeys::text) as line from pg_statistic_ext where stxrelid = $1`,
  sequences: `select concat_ws(' ', s.oid::regclass::text, a.attname, d.deptype, q.seqincrement, q.seqmin, q.seqmax, q.seqcache,
      q.seqcycle, ${acl('s.relacl', 's', 's.relowner')}) as line
    from pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S' join pg_sequence q on q.seqrelid = s.oid
    join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = $1 and d.deptype in ('a', 'i')`,
}

/** The session's search_path must be empty, so that all names are written in full. */
export async function describe(client: Client, oid: number): Promise<Description> {
  const found = new Map<string, readonly string[]>()
  for (const [kind, sql] of Object.entries(parts)) {
    const { rows } = await client.query<{ line: string | null }>(sql, [oid])
    found.set(kind, rows.flatMap(({ line }) => (line === null ? [] : [line])).toSorted())
  }
  return found
}

/** Which kinds are not alike; empty: the tables are the same in all but their rows. */
export function unlike(one: Description, other: Description): readonly string[] {
  return [...one].flatMap(([kind, lines]) => (JSON.stringify(lines) === JSON.stringify(other.get(kind)) ? [] : [kind]))
}
