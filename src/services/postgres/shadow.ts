import { randomBytes } from 'node:crypto'
import { type Client, identifier, literal } from './client.ts'
import type { Surroundings } from './surroundings.ts'

/** PostgreSQL cuts longer names silently. */
const longest = 63

/**
 * A name that nobody else has: made anew for each attempt, so that the tools of a killed attempt never write into the next
 * one's database.
 */
export function shadowName(database: string, run: string): string {
  const end = `_r_${numberOf(run)}_${randomBytes(2).toString('hex')}`
  return database.slice(0, longest - end.length) + end
}

/** The name under which the replaced database stays. */
export function keptName(database: string, run: string): string {
  const end = `_old_${numberOf(run)}`
  return database.slice(0, longest - end.length) + end
}

const numberOf = (run: string): string => run.replace(/^R-/, '')

/** The shadows that a run has made, from whatever attempt. */
export async function shadowsOf(client: Client, database: string, run: string): Promise<string[]> {
  const end = `_r_${numberOf(run)}_`
  const prefix = database.slice(0, longest - end.length - 4) + end
  const { rows } = await client.query<{ datname: string }>(
    'select datname from pg_database where starts_with(datname, $1) order by 1',
    [prefix],
  )
  return rows.map(({ datname }) => datname).filter((name) => /^[0-9a-f]{4}$/.test(name.slice(prefix.length)))
}

/** An empty database as the live one was made, closed to everybody but its owner. */
export async function createShadow(
  client: Client,
  name: string,
  like: Omit<Surroundings, 'oid'>,
  purpose: string,
): Promise<void> {
  const icu = like.icuLocale === undefined ? '' : ` locale_provider icu icu_locale ${literal(like.icuLocale)}`
  const tablespace = like.tablespace === 'pg_default' ? '' : ` tablespace ${identifier(like.tablespace)}`
  await client.query(
    `create database ${identifier(name)} template template0 owner ${identifier(like.owner)} encoding ${literal(like.encoding)}
       lc_collate ${literal(like.collate)} lc_ctype ${literal(like.ctype)}${icu}${tablespace}`,
  )
  await client.query(`revoke all on database ${identifier(name)} from public`)
  await client.query(`comment on database ${identifier(name)} is ${literal(purpose)}`)
}

/** Drops a shadow with whoever is still in it; one that is not there is no error. */
export async function dropShadow(client: Client, name: string): Promise<void> {
  await client.query(`drop database if exists ${identifier(name)} with (force)`)
}
