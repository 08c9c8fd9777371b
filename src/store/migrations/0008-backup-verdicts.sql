-- What the gate found in the bytes of a backup, so that lists can tell it without reading them again.
create table backup_verdicts (
  -- PLACE/NAME, and a hash of sizes, times and tags: other bytes under an old name are another row.
  point text not null,
  identity text not null,
  good boolean not null,
  reason text,
  sha256 text,
  judged_at timestamptz not null default clock_timestamp(),
  primary key (point, identity),
  check (good = (reason is null))
);
