import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { addressOf, childEnvironment } from '../../../src/services/postgres/address.ts'
import { findTools } from '../../../src/services/postgres/tools.ts'
import { ask, connect } from '../../scenarios/support/databases.ts'
import type { World } from '../../scenarios/support/world.ts'

const run = promisify(execFile)

export const backup = 'campaign.dump'

/** What a database can hold besides plain tables, and enough rows that pg_restore is at work for a while. */
const more = `
  create table logs (id bigserial, at timestamptz not null, line text not null, primary key (id, at)) partition by range (at);
  create table logs_old partition of logs for values from ('2020-01-01') to ('2026-01-01');
  create table logs_new partition of logs for values from ('2026-01-01') to ('2030-01-01');
  insert into logs (at, line) select '2025-12-15Z'::timestamptz + n * interval '3 minutes', md5(n::text) || md5((n * 7)::text)
    from generate_series(1, 30000) n;
  create index logs_line on logs (line);
  create table notes (id int generated always as identity primary key, of_vessel int references vessels, said jsonb, tags text[],
    weight numeric(12, 3), raw bytea, words tsvector generated always as (to_tsvector('simple', said ->> 'text')) stored);
  insert into notes (of_vessel, said, tags, weight, raw) select 1 + n % 120, jsonb_build_object('n', n, 'text', md5(n::text)),
    array['a', 'b' || n], n / 7.0, decode(md5(n::text), 'hex') from generate_series(1, 5000) n;
  create index notes_words on notes using gin (words);
  create materialized view berths as select berth, count(*) as n from bookings group by berth;
  create unique index berths_berth on berths (berth);
  create sequence tickets start 500 increment 7;
  select nextval('tickets') from generate_series(1, 9);
  alter table notes enable row level security;
  create policy readers on notes for select to porttrack_reader using (of_vessel < 100);
  grant select on notes, berths to porttrack_reader;
  select lo_from_bytea(0, decode(repeat(md5('deck plan'), 900), 'hex'));
  create function count_notes() returns trigger language plpgsql as $$ begin return new; end $$;
  create trigger counted before insert on notes for each row execute function count_notes();
  alter role porttrack in database porttrack set work_mem = '7MB';
  alter database porttrack connection limit 80;`

/** Fills the database, dumps it beside the other backups, and restores the dump once by hand, as the measure of what is right. */
export async function seedCampaign(world: World): Promise<void> {
  const client = await connect(world, 'porttrack')
  try {
    await client.query('set role porttrack')
    await client.query(more)
  } finally {
    await client.end()
  }
  const tools = await findTools(15)
  if (tools === undefined) throw new Error('pg_dump is missing')
  const url = world.sandbox.facts.postgres
  const env = { PATH: '/usr/bin:/bin', ...childEnvironment(url) }
  const path = join(world.sandbox.databases.backups, backup)
  await run(join(tools.folder, 'pg_dump'), ['--no-password', '-Fc', '-f', path, addressOf(url).database], { env })
  await ask(world, 'postgres', 'create database measure template template0 owner porttrack')
  await run(join(tools.folder, 'pg_restore'), ['--no-password', '--exit-on-error', '--dbname=measure', path], { env })
}

/** The application goes on writing; every time other rows. */
export const writeOn = (world: World): Promise<unknown> =>
  ask(
    world,
    'porttrack',
    `insert into bookings (vessel_id, berth, arrives_at) select 1 + (random() * 100)::int, 'B' || n, now() from generate_series(1, 5) n`,
    `update notes set weight = random() * 1000 where id = 1 + (random() * 4000)::int`,
    `insert into logs (at, line) values (now(), md5(random()::text))`,
    `select nextval('tickets')`,
    `delete from positions where id = (select id from positions order by random() limit 1)`,
  )
