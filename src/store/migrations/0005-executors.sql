-- Executors whose workflows another process has taken over. One that finds itself here must end.
create table taken_over (executor text primary key, by_executor text not null, at timestamptz not null default clock_timestamp());
