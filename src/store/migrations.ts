import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import type { Db } from './db.ts'
import { withTryLock } from './locks.ts'

const folder = join(import.meta.dirname, 'migrations')

/**
 * Brings the schema up to date: the files of `migrations/` in the order of their names, each once, in a transaction of
 * its own. Safe when several replicas start at once. @returns the names of the files that were applied now
 * @throws Error when the store was written by a newer version of the program
 */
export async function migrate(db: Db): Promise<readonly string[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return withTryLock(db, `rescue migrations ${db.schema}`, async (client) => {
    const applied = await readApplied(client, db.schema)
    const newer = [...applied].filter((name) => !files.includes(name))
    if (newer.length > 0)
      throw new Error(
        `the store is newer than this program: it does not know ${newer.join(', ')}; start the newer version`,
      )
    const missing = files.filter((name) => !applied.has(name))
    for (const name of missing) await apply(client, name)
    return missing
  })
}

async function readApplied(client: pg.Client, schema: string): Promise<Set<string>> {
  const there = await client.query(`select to_regclass('${schema}.migrations') is not null as there`)
  if (there.rows[0]?.there !== true) {
    await client.query(`create schema if not exists ${schema}`)
    await client.query(
      `create table if not exists ${schema}.migrations (name text primary key, at timestamptz not null default now())`,
    )
  }
  const { rows } = await client.query<{ name: string }>('select name from migrations')
  return new Set(rows.map((row) => row.name))
}

async function apply(client: pg.Client, name: string): Promise<void> {
  const sql = await readFile(join(folder, name), 'utf8')
  await client.query('begin')
  try {
    await client.query(sql)
    await client.query('insert into migrations (name) values ($1)', [name])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}
