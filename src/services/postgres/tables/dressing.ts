import { type Client, identifier, qualified } from '../client.ts'

/**
 * What hangs on a table by its identity and must hang on the one that takes its place: keys, triggers, policies, views, owner,
 * grants, sequences. Statements are written with full names while the table in use still has its name, and run once the other
 * one has it.
 */
export type Dressing = {
  /** While the old one is still in its place. */
  readonly undress: readonly string[]
  /** Once the new one is in its place. */
  readonly dress: readonly string[]
  /** Keys that are made without looking at the rows, to be checked afterwards. */
  readonly keys: readonly { readonly table: string; readonly name: string }[]
}

/** @param oids of the tables in use @param next OIDs of those that take their places, in the same order */
export async function readDressing(
  client: Client,
  oids: readonly number[],
  next: readonly number[],
): Promise<Dressing> {
  const keys = await keysOf(client, oids)
  const each = await Promise.all(oids.map((oid) => ownOf(client, oid)))
  const strip = await stripsOf(client, next)
  return {
    undress: [
      ...strip,
      ...keys.map(({ table, name }) => `alter table ${table} drop constraint ${identifier(name)}`),
      ...each.flatMap(({ undress }) => undress),
    ],
    dress: [
      ...each.flatMap(({ dress }) => dress),
      ...keys.map(({ table, name, form }) => `alter table ${table} add constraint ${identifier(name)} ${form}`),
      ...(await viewsOf(client, oids)),
    ],
    keys: keys.filter(({ valid }) => valid).map(({ table, name }) => ({ table, name })),
  }
}

/** In both directions: the old table must not go on guarding rows of others, nor lose its own when those are deleted. */
async function keysOf(client: Client, oids: readonly number[]) {
  const { rows } = await client.query<{ table: string; name: string; form: string; valid: boolean }>(
    `select conrelid::regclass::text as table, conname as name, convalidated as valid,
       pg_get_constraintdef(oid) || case when convalidated then ' NOT VALID' else '' end as form
     from pg_constraint where contype = 'f' and (conrelid = any($1::oid[]) or confrelid = any($1::oid[])) order by 1, 2`,
    [oids],
  )
  return rows
}

/** A table that comes back has triggers and policies of the time when it was replaced: those of today are what counts. */
async function stripsOf(client: Client, oids: readonly number[]): Promise<string[]> {
  const { rows } = await client.query<{ statement: string }>(
    `select format('drop trigger %I on %s', tgname, tgrelid::regclass) as statement from pg_trigger where tgrelid = any($1::oid[]) and not tgisinternal
     union all select format('drop policy %I on %s', polname, polrelid::regclass) from pg_policy where polrelid = any($1::oid[])`,
    [oids],
  )
  return rows.map(({ statement }) => statement)
}

async function ownOf(client: Client, oid: number): Promise<{ undress: readonly string[]; dress: readonly string[] }> {
  const list = async (sql: string) =>
    (await client.query<{ statement: string | null }>(sql, [oid])).rows.flatMap(({ statement }) => statement ?? [])
  const serial = await client.query<{ free: string; own: string }>(
    `select format('alter sequence %s owned by none', d.objid::regclass) as free,
       format('alter sequence %s owned by %s.%I', d.objid::regclass, d.refobjid::regclass, a.attname) as own
     from pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S'
     join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
     where d.classid = 'pg_class'::regclass and d.refobjid = $1 and d.deptype = 'a'`,
    [oid],
  )
  return {
    undress: [
      ...serial.rows.map(({ free }) => free),
      ...(await list(
        `select format('drop statistics %I.%I', n.nspname, s.stxname) as statement from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace where s.stxrelid = $1`,
      )),
    ],
    dress: [
      ...(await grantsOf(client, oid)),
      ...(await list(
        `select format('alter table %s %s row level security', oid::regclass, case when relrowsecurity then 'enable' else 'disable' end) as statement from pg_class where oid = $1
         union all select format('alter table %s %s row level security', oid::regclass, case when relforcerowsecurity then 'force' else 'no force' end) from pg_class where oid = $1
         union all select format('comment on table %s is %L', oid::regclass, obj_description(oid, 'pg_class')) from pg_class where oid = $1
         union all select format('alter table %s replica identity %s', c.oid::regclass, case c.relreplident when 'd' then 'default' when 'f' then 'full' when 'n' then 'nothing'
           else format('using index %I', (select x.relname from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid and i.indisreplident)) end)
           from pg_class c where c.oid = $1`,
      )),
      ...(await list(
        `select format('create policy %I on %s as %s for %s to %s', polname, polrelid::regclass, case when polpermissive then 'permissive' else 'restrictive' end,
           case polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
           (select string_agg(case when r = 0 then 'public' else r::regrole::text end, ', ') from unnest(polroles) r))
           || coalesce(' using (' || pg_get_expr(polqual, polrelid) || ')', '') || coalesce(' with check (' || pg_get_expr(polwithcheck, polrelid) || ')', '') as statement
         from pg_policy where polrelid = $1 order by polname`,
      )),
      ...(await list(
        `select pg_get_triggerdef(oid) as statement from pg_trigger where tgrelid = $1 and not tgisinternal order by tgname`,
      )),
      ...(await list(
        `select format('alter table %s %s trigger %I', tgrelid::regclass,
           case tgenabled when 'D' then 'disable' when 'R' then 'enable replica' else 'enable always' end, tgname) as statement
         from pg_trigger where tgrelid = $1 and not tgisinternal and tgenabled <> 'O'`,
      )),
      // They stay in their own schema when a table leaves it: made anew, they are filled by the next ANALYZE.
      ...(await list(
        `select pg_get_statisticsobjdef(s.oid) as statement from pg_statistic_ext s where s.stxrelid = $1
         union all select format('alter statistics %I.%I owner to %I', n.nspname, s.stxname, pg_get_userbyid(s.stxowner))
         from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace where s.stxrelid = $1`,
      )),
      ...serial.rows.map(({ own }) => own),
    ],
  }
}

/** Of the table, its columns and the sequences of its identities; whatever defaults have given to others is taken first. */
async function grantsOf(client: Client, oid: number): Promise<string[]> {
  const { rows } = await client.query<{ statement: string }>(
    `with things as (
       select c.oid, c.oid::regclass::text as name, c.relacl as acl, 'r' as kind, c.relowner as owner, '' as col from pg_class c where c.oid = $1
       union all select c.oid, c.oid::regclass::text, a.attacl, 'c', c.relowner, format(' (%I)', a.attname)
         from pg_attribute a join pg_class c on c.oid = a.attrelid where c.oid = $1 and a.attnum > 0 and not a.attisdropped and a.attacl is not null)
     select format('grant %s%s on table %s to %s%s', x.privilege_type, t.col, t.name,
       case when x.grantee = 0 then 'public' else x.grantee::regrole::text end, case when x.is_grantable and x.grantee <> t.owner then ' with grant option' else '' end) as statement
     from things t, aclexplode(coalesce(t.acl, acldefault(t.kind::"char", t.owner))) x`,
    [oid],
  )
  return rows.map(({ statement }) => statement)
}

/** A view reads from a table by its identity: written anew it reads from the one of that name. Its own grants and readers stay. */
async function viewsOf(client: Client, oids: readonly number[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string; options: string[] | null; form: string }>(
    `select v.oid::regclass::text as name, v.reloptions as options, pg_get_viewdef(v.oid) as form from pg_class v where v.oid in
       (select w.ev_class from pg_depend d join pg_rewrite w on w.oid = d.objid
        where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = any($1::oid[]) and w.rulename = '_RETURN')
     order by v.oid`,
    [oids],
  )
  return rows.map(({ name, options, form }) => {
    const given = options === null || options.length === 0 ? '' : ` with (${options.join(', ')})`
    return `create or replace view ${name}${given} as ${form}`
  })
}

/** Takes every right that others have on a table which is about to be dressed, and gives it to its new owner. */
export async function bare(client: Client, schema: string, name: string, owner: string): Promise<string[]> {
  const table = qualified(schema, name)
  const { rows } = await client.query<{ grantee: string }>(
    `select distinct case when x.grantee = 0 then 'public' else x.grantee::regrole::text end as grantee
     from pg_class c, aclexplode(c.relacl) x where c.oid = $1::regclass`,
    [table],
  )
  return [
    `grant usage, create on schema ${identifier(schema)} to ${identifier(owner)}`,
    `alter table ${table} owner to ${identifier(owner)}`,
    ...rows.map(({ grantee }) => `revoke all on table ${table} from ${grantee}`),
  ]
}
