import { type Client, identifier, literal } from './client.ts'

export type Grant = { readonly to: string | undefined; readonly right: string; readonly grantable: boolean }
export type Setting = { readonly role: string | undefined; readonly name: string; readonly value: string }

/** Everything that belongs to a database and is in no dump of it: lost, unless it is carried over. */
export type Surroundings = {
  readonly oid: number
  readonly owner: string
  readonly encoding: string
  readonly collate: string
  readonly ctype: string
  readonly icuLocale: string | undefined
  readonly tablespace: string
  readonly connectionLimit: number
  readonly comment: string | undefined
  /** Undefined: PostgreSQL's default (everybody may connect). */
  readonly grants: readonly Grant[] | undefined
  readonly settings: readonly Setting[]
}

type Row = {
  oid: number
  owner: string
  encoding: string
  collate: string
  ctype: string
  icu: string | null
  tablespace: string
  limit: number
  comment: string | null
  open: boolean
}

/** @returns undefined when there is no such database @throws DatabaseError */
export async function readSurroundings(client: Client, database: string): Promise<Surroundings | undefined> {
  const version = await versionOf(client)
  const icu = version >= 170_000 ? 'd.datlocale' : version >= 150_000 ? 'd.daticulocale' : 'null'
  const provider = version >= 150_000 ? "d.datlocprovider = 'i'" : 'false'
  const { rows } = await client.query<Row>(
    `select d.oid::int8::float8 as oid, r.rolname as owner, pg_encoding_to_char(d.encoding) as encoding, d.datcollate as collate,
       d.datctype as ctype, case when ${provider} then ${icu} end as icu, t.spcname as tablespace,
       d.datconnlimit as limit, shobj_description(d.oid, 'pg_database') as comment, d.datacl is null as open
     from pg_database d join pg_roles r on r.oid = d.datdba join pg_tablespace t on t.oid = d.dattablespace
     where d.datname = $1`,
    [database],
  )
  const row = rows[0]
  if (row === undefined) return undefined
  return {
    oid: row.oid,
    owner: row.owner,
    encoding: row.encoding,
    collate: row.collate,
    ctype: row.ctype,
    icuLocale: row.icu ?? undefined,
    tablespace: row.tablespace,
    connectionLimit: row.limit,
    comment: row.comment ?? undefined,
    grants: row.open ? undefined : await grantsOf(client, database),
    settings: await settingsOf(client, database),
  }
}

/** As a number: 150018. */
export async function versionOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ server_version_num: string }>('show server_version_num')
  return Number(rows[0]?.server_version_num ?? 0)
}

async function grantsOf(client: Client, database: string): Promise<Grant[]> {
  const { rows } = await client.query<{ grantee: string | null; right: string; grantable: boolean }>(
    `select case when a.grantee = 0 then null else pg_get_userbyid(a.grantee) end as grantee, a.privilege_type as right,
       a.is_grantable as grantable
     from pg_database d, aclexplode(d.datacl) a where d.datname = $1 order by 1 nulls first, 2`,
    [database],
  )
  return rows.map((row) => ({ to: row.grantee ?? undefined, right: row.right, grantable: row.grantable }))
}

async function settingsOf(client: Client, database: string): Promise<Setting[]> {
  const { rows } = await client.query<{ role: string | null; setting: string }>(
    `select case when s.setrole = 0 then null else pg_get_userbyid(s.setrole) end as role, unnest(s.setconfig) as setting
     from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase where d.datname = $1 order by 1 nulls first, 2`,
    [database],
  )
  return rows.map(({ role, setting }) => {
    const at = setting.indexOf('=')
    return { role: role ?? undefined, name: setting.slice(0, at), value: setting.slice(at + 1) }
  })
}

/**
 * Gives a database what another one had. The account must own it, and for a role's own settings be that role or may alter it.
 * @throws DatabaseError `right_missing` with the server's sentence
 */
export async function dress(client: Client, database: string, like: Surroundings): Promise<void> {
  const name = identifier(database)
  const statements = [
    `revoke all on database ${name} from public`,
    ...(like.grants ?? defaultGrants).map((grant) => {
      const to = grant.to === undefined ? 'public' : identifier(grant.to)
      return `grant ${grant.right} on database ${name} to ${to}${grant.grantable ? ' with grant option' : ''}`
    }),
    ...like.settings.map((setting) => {
      const whose =
        setting.role === undefined ? `database ${name}` : `role ${identifier(setting.role)} in database ${name}`
      return `alter ${whose} set ${settingName(setting.name)} to ${settingValue(setting)}`
    }),
    `alter database ${name} connection limit ${like.connectionLimit}`,
    `comment on database ${name} is ${like.comment === undefined ? 'null' : literal(like.comment)}`,
  ]
  for (const statement of statements) await client.query(statement)
}

/** What PUBLIC has in a database whose grants nobody touched. */
const defaultGrants: readonly Grant[] = ['CONNECT', 'TEMPORARY'].map((right) => ({
  to: undefined,
  right,
  grantable: false,
}))

/** Settings that hold lists of names: PostgreSQL stores them quoted already, one by one. */
const lists = /^(search_path|temp_tablespaces|(local|session|shared)_preload_libraries|unix_socket_directories)$/i

const settingName = (name: string): string => name.split('.').map(identifier).join('.')

function settingValue({ name, value }: Setting): string {
  if (!lists.test(name)) return literal(value)
  const names = value.match(/"(?:[^"]|"")*"|[^,\s]+/g) ?? []
  const texts = names.map((each) => literal(each.startsWith('"') ? each.slice(1, -1).replaceAll('""', '"') : each))
  return texts.length === 0 ? "''" : texts.join(', ')
}

/** What of `wanted` a database does not have; empty: all of it was carried over. */
export function surroundingsMissing(wanted: Surroundings, has: Surroundings): readonly string[] {
  const grants = (of: Surroundings) =>
    (of.grants ?? [...defaultGrants, ...ownerGrants(of)]).map((grant) => JSON.stringify(grant)).toSorted()
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
  return [
    ...(wanted.owner === has.owner ? [] : ['owner']),
    ...(wanted.encoding === has.encoding ? [] : ['encoding']),
    ...(same([wanted.collate, wanted.ctype, wanted.icuLocale], [has.collate, has.ctype, has.icuLocale])
      ? []
      : ['locale']),
    ...(wanted.connectionLimit === has.connectionLimit ? [] : ['connection limit']),
    ...(same(wanted.comment, has.comment) ? [] : ['comment']),
    ...(same(wanted.settings, has.settings) ? [] : ['settings']),
    ...(same(grants(wanted), grants(has)) ? [] : ['grants']),
  ]
}

const ownerGrants = (of: Surroundings): readonly Grant[] =>
  ['CONNECT', 'CREATE', 'TEMPORARY'].map((right) => ({ to: of.owner, right, grantable: false }))
