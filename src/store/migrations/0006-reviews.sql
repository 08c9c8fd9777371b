-- What was done at once in an emergency is looked at afterwards by a second person: one review a run, done once.
create table reviews (
  run_id text primary key references runs (id) on delete cascade,
  -- Names of whoever asked for the run or confirmed it: they never review it themselves.
  actors jsonb not null,
  requested_at timestamptz not null default clock_timestamp(),
  remind_at timestamptz not null,
  reminded_at timestamptz,
  verdict text check (verdict in ('right', 'not_right')),
  remark text,
  reviewed_by jsonb,
  reviewed_at timestamptz,
  check ((verdict is null) = (reviewed_at is null))
);
create index reviews_open on reviews (requested_at) where reviewed_at is null;
