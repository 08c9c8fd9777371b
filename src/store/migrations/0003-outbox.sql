-- What Slack and PagerDuty must still learn. Within a lane strictly in order of `seq`.
create sequence outbox_order;
create table outbox (
  id bigint generated always as identity primary key,
  seq bigint not null default nextval('outbox_order'),
  recipient text not null,
  lane text not null,
  key text not null,
  kind text not null,
  payload jsonb not null,
  state text not null default 'pending' check (state in ('pending', 'leased', 'done')),
  -- Grows with each coalesced enqueue: a delivery that began before is then not the last word.
  version int not null default 1,
  attempts int not null default 0,
  not_before timestamptz not null default clock_timestamp(),
  lease uuid,
  leased_until timestamptz,
  last_error text,
  result jsonb,
  created_at timestamptz not null default clock_timestamp(),
  waiting_since timestamptz not null default clock_timestamp(),
  done_at timestamptz,
  unique (recipient, key)
);
create index outbox_open on outbox (recipient, lane, seq) where state <> 'done';
create index outbox_done on outbox (done_at) where state = 'done';
