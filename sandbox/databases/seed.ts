import pg from 'pg'

/** The account that owns PortTrack's database: what a restore needs, and no superuser. */
export const owner = { name: 'porttrack', password: 'porttrack-of-the-sandbox' } as const

const account = `
  do $$ begin
    if not exists (select from pg_roles where rolname = '${owner.name}') then
      create role ${owner.name} login createdb password '${owner.password}';
      create role porttrack_reader nologin;
    end if;
  end $$;
  grant pg_signal_backend to ${owner.name};
  alter database porttrack owner to ${owner.name};
  revoke connect on database porttrack from public;
  grant connect on database porttrack to porttrack_reader;
  alter database porttrack set statement_timeout = '5min';
  comment on database porttrack is 'PortTrack: vessels, berths and bookings';`

const schema = `
  create table schema_migrations (version int primary key, applied_at timestamptz not null default now());
  create table vessels (id serial primary key, imo text not null unique, name text not null, flag text not null, built int);
  create table positions (id bigserial primary key, vessel_id int not null references vessels, at timestamptz not null,
    lat double precision not null, lon double precision not null, knots numeric(4,1));
  create index positions_vessel_at on positions (vessel_id, at desc);
  create table bookings (id serial primary key, vessel_id int not null references vessels, berth text not null,
    arrives_at timestamptz not null, note text, created_at timestamptz not null default now());
  create view vessels_at_sea as select v.id, v.name, max(p.at) as seen_at from vessels v join positions p on p.vessel_id = v.id group by v.id;
  grant select on vessels, positions, bookings to porttrack_reader;`

const rows = `
  insert into schema_migrations values (39, now() - interval '90 days'), (40, now() - interval '30 days'), (41, now() - interval '9 days');
  insert into vessels (imo, name, flag, built)
    select 'IMO' || (9000000 + n), (array['Nordlys','Estela','Marejada','Sotavento','Alba','Tramontana','Albatros','Ribera'])[1 + n % 8] || ' ' || n,
      (array['ES','CO','PT','NO','PA'])[1 + n % 5], 1985 + n % 39 from generate_series(1, 120) n;
  insert into positions (vessel_id, at, lat, lon, knots)
    select 1 + n % 120, now() - interval '3 hours' - n * interval '20 seconds', 36 + (n % 700) / 100.0, -9 + (n % 1200) / 100.0, (n % 220) / 10.0
    from generate_series(1, 20000) n;
  insert into bookings (vessel_id, berth, arrives_at, note, created_at)
    select 1 + n % 120, 'B' || (1 + n % 14), now() + n * interval '37 minutes', nullif('carga ' || n % 9, 'carga 0'), now() - interval '3 hours' - n * interval '11 minutes'
    from generate_series(1, 900) n;`

/** What was written after the backups: a restore would lose it, and its plan says so. */
const since = `
  insert into positions (vessel_id, at, lat, lon, knots)
    select 1 + n % 120, now() - n * interval '40 seconds', 40.1, -3.7, 11.5 from generate_series(1, 180) n;
  insert into bookings (vessel_id, berth, arrives_at, note) select n, 'B3', now() + interval '2 days', 'reserva nueva' from generate_series(1, 3) n;
  update bookings set berth = 'B14' where id in (7, 8);`

/** Makes PortTrack's account and data where they are not there yet. @returns whether they were made now */
export async function seedDatabase(adminUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: adminUrl })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(account)
    const there = await client.query(`select to_regclass('public.vessels') is not null as there`)
    if (there.rows[0]?.there === true) return false
    await client.query(`set role ${owner.name}`)
    await client.query(schema)
    await client.query(rows)
    return true
  } finally {
    await client.end()
  }
}

export const writeSince = (client: pg.Client): Promise<unknown> => client.query(since)
