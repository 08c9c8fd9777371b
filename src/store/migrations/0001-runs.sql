-- Numbers that people can say. A row, not a sequence: a refused request leaves no gap.
create table counters (name text primary key, value bigint not null);
insert into counters values ('runs', 0);

create table runs (
  number bigint primary key,
  id text not null unique,
  idempotency_key text not null unique,
  operation text not null,
  risk text not null,
  target text not null,
  subject jsonb not null,
  params jsonb not null,
  actor jsonb not null,
  origin jsonb not null,
  state text not null default 'planning' check (state in ('planning', 'waiting', 'confirmed', 'running', 'ended')),
  facts jsonb,
  plan jsonb,
  plan_hash text,
  plan_expires_at timestamptz,
  outcome jsonb,
  undo_of text,
  undone_by text,
  incident_id text,
  stop_requested_by jsonb,
  confirmed_by jsonb,
  created_at timestamptz not null default clock_timestamp(),
  confirmed_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz
);
create index runs_open on runs (state) where state <> 'ended';
create index runs_target on runs (target, number desc);
create index runs_subject on runs ((subject ->> 'kind'), (subject ->> 'name'), number desc);
create index runs_incident on runs (incident_id) where incident_id is not null;

create table approvals (
  run_id text not null references runs (id) on delete cascade,
  plan_hash text not null,
  actor_name text not null,
  actor jsonb not null,
  decision text not null check (decision in ('approve', 'reject')),
  at timestamptz not null default clock_timestamp(),
  primary key (run_id, plan_hash, actor_name)
);

create table steps (
  run_id text not null references runs (id) on delete cascade,
  position int not null,
  name text not null,
  state text not null default 'pending' check (state in ('pending', 'running', 'done', 'failed', 'skipped')),
  progress jsonb not null default '{}',
  started_at timestamptz,
  ended_at timestamptz,
  primary key (run_id, name)
);

-- One run per target. The row is the lock that people see.
create table holds (
  target text primary key,
  run_id text not null,
  actor jsonb not null,
  since timestamptz not null default clock_timestamp()
);

-- The ledger: acts that must never be repeated blindly. Found `started` after a crash means: unknown, look at the world.
create table acts (
  key text primary key,
  run_id text not null,
  target text not null,
  intent jsonb not null,
  state text not null default 'started' check (state in ('started', 'done', 'not_done', 'superseded')),
  result jsonb,
  started_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz
);
create unique index acts_one_per_target on acts (target) where state = 'started';
create index acts_run on acts (run_id);
