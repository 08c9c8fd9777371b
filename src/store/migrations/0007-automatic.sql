-- A bad release and what was decided about it. One row for a workload's template: whoever watches, it is acted on once.
create table automatic_decisions (
  id bigint generated always as identity primary key,
  app text not null,
  uid text not null,
  template_key text not null,
  release jsonb not null,
  decision text not null default 'open' check (decision in ('open', 'act', 'ask', 'leave')),
  reason text,
  detail jsonb not null default '{}',
  run_id text,
  incident_id text,
  seen_at timestamptz not null default clock_timestamp(),
  decided_at timestamptz,
  escalate_at timestamptz,
  escalated_at timestamptz,
  unique (app, uid, template_key)
);
create index automatic_decisions_app on automatic_decisions (app, decided_at desc);
create index automatic_decisions_run on automatic_decisions (run_id) where run_id is not null;

-- What people set with /rescue automatic. `mode` null: back to the catalog's, and since when.
create table automatic_overrides (
  app text primary key,
  mode text check (mode in ('off', 'ask')),
  until timestamptz,
  actor jsonb not null,
  at timestamptz not null default clock_timestamp()
);
