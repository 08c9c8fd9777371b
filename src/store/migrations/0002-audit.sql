-- The audit: each row's hash covers the hash before it. `body` is the canonical JSON that was hashed; the other columns repeat it for queries.
create table audit (
  seq bigint primary key,
  at text not null,
  kind text not null,
  run_id text,
  actor jsonb not null,
  data jsonb not null,
  body text not null,
  previous text not null,
  hash text not null
);
create index audit_run on audit (run_id, seq) where run_id is not null;
create index audit_actor on audit ((actor ->> 'name'), seq);

-- Count and hash of the last entry, so that a cut tail is noticed. Its lock puts appends into one order.
create table audit_head (one boolean primary key default true check (one), seq bigint not null, hash text not null);
insert into audit_head (seq, hash) values (0, repeat('0', 64));

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit is only added to' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_refuses_change before update or delete on audit for each row execute function refuse_change();
create trigger audit_refuses_truncate before truncate on audit for each statement execute function refuse_change();

-- The hash of an entry: SHA-256 over the lines previous, seq, at and body.
create function append_audit(entry_kind text, entry_run text, entry_actor jsonb, entry_data jsonb, entry_body text)
returns audit language plpgsql as $$
declare
  head audit_head;
  entry audit;
begin
  select * into head from audit_head for update;
  entry.seq := head.seq + 1;
  entry.at := to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
  entry.kind := entry_kind;
  entry.run_id := entry_run;
  entry.actor := entry_actor;
  entry.data := entry_data;
  entry.body := entry_body;
  entry.previous := head.hash;
  entry.hash := encode(sha256(convert_to(head.hash || E'\n' || entry.seq || E'\n' || entry.at || E'\n' || entry_body, 'UTF8')), 'hex');
  insert into audit values (entry.*);
  update audit_head set seq = entry.seq, hash = entry.hash;
  return entry;
end $$;
