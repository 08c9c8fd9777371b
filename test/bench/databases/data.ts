import type { BigServer } from './server.ts'

/** About 250 bytes of database for each row, indexes included, so that 2 million rows are some 500 MB. */
const schema = `
  create table vessels (id int primary key, imo text not null unique, name text not null);
  create table positions (id bigint primary key, vessel_id int not null, at timestamptz not null,
    lat double precision not null, lon double precision not null, knots numeric(4,1), note text);
  create table bookings (id int primary key, vessel_id int not null, berth text not null, arrives_at timestamptz not null, note text);
  create table events (id bigserial primary key, at timestamptz not null, what jsonb not null);`

const rowsOf = (rows: number) => `
  insert into vessels select n, 'IMO' || (9000000 + n), 'vessel ' || md5(n::text) from generate_series(1, ${Math.ceil(rows / 100)}) n;
  insert into positions select n, 1 + n % ${Math.ceil(rows / 100)}, '2026-01-01Z'::timestamptz + n * interval '7 seconds',
    36 + (n % 700000) / 100000.0, -9 + (n % 1200000) / 100000.0, (n % 220) / 10.0, md5(n::text) || ' ' || md5((n * 7)::text)
    from generate_series(1, ${Math.ceil(rows * 0.6)}) n;
  insert into bookings select n, 1 + n % ${Math.ceil(rows / 100)}, 'B' || n % 14, '2026-06-01Z'::timestamptz + n * interval '37 seconds', md5(n::text)
    from generate_series(1, ${Math.ceil(rows * 0.15)}) n;
  insert into events (at, what) select '2026-01-01Z'::timestamptz + n * interval '11 seconds',
    jsonb_build_object('kind', (array['arrival','departure','delay','note'])[1 + n % 4], 'vessel', n % 5000, 'text', md5(n::text) || md5((n * 3)::text))
    from generate_series(1, ${Math.ceil(rows * 0.25)}) n;`

const keys = `
  create index positions_vessel_at on positions (vessel_id, at desc);
  create index bookings_arrives_at on bookings (arrives_at);
  create index events_at on events (at);
  alter table positions add foreign key (vessel_id) references vessels;
  alter table bookings add foreign key (vessel_id) references vessels;`

/** A database of the application's kind, owned by the account. @returns its size in MB (10^6 bytes) */
export async function fill(server: BigServer, database: string, rows: number): Promise<number> {
  await server.admin('postgres', `create database ${database} owner keeper`)
  await server.admin(database, 'set role keeper', schema, rowsOf(rows), keys, 'analyze')
  const { rows: sizes } = await server.admin(database, 'select pg_database_size(current_database())::float8 as size')
  return Number(sizes[0]?.size) / 1e6
}

/** What was written after the backup: one row in a hundred is new or another one. */
export async function writeSince(server: BigServer, database: string, rows: number): Promise<void> {
  const few = Math.ceil(rows / 200)
  await server.admin(
    database,
    'set role keeper',
    `insert into positions select 100000000 + n, 1, now(), 40, -3, 11, 'since' from generate_series(1, ${few}) n
     on conflict do nothing`,
    `update bookings set berth = 'B99' where id <= ${few}`,
  )
}
