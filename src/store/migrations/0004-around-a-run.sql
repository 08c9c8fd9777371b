create table evidence (
  run_id text not null references runs (id) on delete cascade,
  position int not null,
  name text not null,
  kind text not null,
  -- gzip of UTF-8 text
  content bytea not null,
  -- bytes of the text that was given, before truncation
  size bigint not null,
  truncated boolean not null,
  at timestamptz not null default clock_timestamp(),
  primary key (run_id, position)
);

create table incidents (
  id text primary key,
  key text not null unique,
  subject jsonb not null,
  severity text not null check (severity in ('SEV1', 'SEV2', 'SEV3')),
  language text not null,
  channel text,
  channel_name text,
  state text not null default 'open' check (state in ('open', 'resolved')),
  opened_at timestamptz not null default clock_timestamp(),
  resolved_at timestamptz
);
create unique index incidents_one_open on incidents ((subject ->> 'kind'), (subject ->> 'name')) where state = 'open';
create index incidents_channel on incidents (channel) where channel is not null;

create table incident_entries (
  id bigint generated always as identity primary key,
  incident_id text not null references incidents (id) on delete cascade,
  at timestamptz not null default clock_timestamp(),
  kind text not null,
  actor jsonb not null,
  data jsonb not null default '{}'
);
create index incident_entries_order on incident_entries (incident_id, id);

-- Messages that were posted and will be edited: one per owner and role.
create table messages (
  owner text not null,
  role text not null,
  channel text not null,
  ts text not null,
  posted_at timestamptz not null default clock_timestamp(),
  primary key (owner, role)
);
create index messages_place on messages (channel, ts);

-- What was observed of each revision that an app ever ran.
create table releases (
  app text not null,
  uid text not null,
  template_hash text not null,
  revision bigint not null,
  image text not null,
  first_seen_at timestamptz not null default clock_timestamp(),
  healthy_seconds double precision not null default 0,
  last_healthy_at timestamptz,
  failed_reason text,
  failed_at timestamptz,
  primary key (app, uid, template_hash)
);

create table people (
  slack_user text primary key,
  language text not null,
  time_zone text not null,
  updated_at timestamptz not null default clock_timestamp()
);
