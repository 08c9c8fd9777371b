-- A worry about the backups of a database, from its first sight to its end; one of each cause is open at a time.
create table backup_alarms (
  id bigint generated always as identity primary key,
  database text not null,
  cause text not null check (cause in ('none', 'too_old', 'unverified', 'unreadable')),
  detail jsonb not null default '{}',
  paged boolean not null default false,
  since timestamptz not null default clock_timestamp(),
  ended_at timestamptz
);
create unique index backup_alarms_open on backup_alarms (database, cause) where ended_at is null;

-- Since when the backups of a database are looked at: one that was never verified is no older worry than this.
create table backup_watches (
  database text primary key,
  since timestamptz not null default clock_timestamp()
);
