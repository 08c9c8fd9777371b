-- A realistic application database: whatever pg_dump writes in its own way is here at least once.
CREATE SCHEMA tracking;
CREATE SCHEMA "Odd ""names""";
COMMENT ON SCHEMA tracking IS 'where containers are; second line''s text';
CREATE EXTENSION pg_trgm;
CREATE EXTENSION citext SCHEMA tracking;
CREATE EXTENSION hstore;
CREATE EXTENSION pgcrypto;

CREATE TYPE tracking.state AS ENUM ('waiting', 'loaded', 'at sea; delayed', 'delivered');
CREATE TYPE tracking.place AS (port text, berth integer);
CREATE TYPE tracking.weights AS RANGE (subtype = numeric);
CREATE DOMAIN tracking.imo AS text CONSTRAINT seven_digits CHECK (VALUE ~ '^[0-9]{7}$');
CREATE COLLATION tracking.plain (provider = libc, locale = 'C');
CREATE SEQUENCE tracking.voyage_number START 1000 INCREMENT 7;

CREATE FUNCTION tracking.normal(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower(t) $$;
CREATE FUNCTION tracking.touch() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  -- "copy" and 'quotes'; a semicolon and $$dollars$$
  NEW.changed := now();
  RETURN NEW;
END
$body$;
CREATE PROCEDURE tracking.tidy(INOUT n integer) LANGUAGE plpgsql AS $$ BEGIN n := n + 1; END $$;
CREATE FUNCTION tracking.both(a integer, b integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT a + b; END;
CREATE AGGREGATE tracking.join_all(text) (SFUNC = textcat, STYPE = text, INITCOND = '');
CREATE OPERATOR tracking.@@@ (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq);
CREATE CAST (tracking.place AS text) WITH INOUT;

CREATE TABLE public.ships (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  imo tracking.imo UNIQUE,
  flag char(2) DEFAULT 'ES',
  facts jsonb NOT NULL DEFAULT '{}',
  tags hstore,
  search text GENERATED ALWAYS AS (tracking.normal(name)) STORED,
  changed timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE public.containers (
  id uuid PRIMARY KEY,
  ship bigint REFERENCES public.ships ON DELETE SET NULL,
  state tracking.state NOT NULL DEFAULT 'waiting',
  weight numeric(10, 3) CHECK (weight >= 0),
  note text,
  picture bytea,
  at tracking.place,
  EXCLUDE USING btree (id WITH =)
);
CREATE TABLE tracking.positions (
  ship bigint NOT NULL,
  seen timestamptz NOT NULL,
  lat double precision,
  lon double precision,
  PRIMARY KEY (ship, seen)
) PARTITION BY RANGE (seen);
CREATE TABLE tracking.positions_old PARTITION OF tracking.positions FOR VALUES FROM (MINVALUE) TO ('2026-01-01 00:00+00');
CREATE TABLE tracking.positions_2026 PARTITION OF tracking.positions FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2027-01-01 00:00+00');
CREATE TABLE tracking.positions_rest PARTITION OF tracking.positions DEFAULT;
CREATE TABLE tracking.base (id serial PRIMARY KEY, kind text);
CREATE TABLE tracking.child (extra integer) INHERITS (tracking.base);
CREATE TABLE "Odd ""names"""."Select; drop" ("the ""column""" integer, "COPY x FROM stdin;" text);
CREATE TABLE public.empty_table (nothing integer);
CREATE TABLE public.no_columns ();
CREATE UNLOGGED TABLE public.cache (k text PRIMARY KEY, v text);
CREATE TABLE public.attachments (id integer PRIMARY KEY, content oid);

CREATE VIEW public.loaded AS SELECT c.id, s.name FROM public.containers c JOIN public.ships s ON s.id = c.ship WHERE c.state = 'loaded';
CREATE RULE no_delete AS ON DELETE TO public.loaded DO INSTEAD NOTHING;
CREATE MATERIALIZED VIEW tracking.summary AS SELECT state, count(*) FROM public.containers GROUP BY state;
CREATE INDEX ships_search ON public.ships USING gin (search gin_trgm_ops);
CREATE INDEX ships_lower ON public.ships (tracking.normal(name)) WHERE flag = 'ES';
CREATE INDEX positions_seen ON tracking.positions (seen);
CREATE STATISTICS public.ships_stats (dependencies) ON name, flag FROM public.ships;
ALTER TABLE public.containers ADD CONSTRAINT heavy CHECK (weight < 100000) NOT VALID;
ALTER TABLE public.ships REPLICA IDENTITY FULL;
ALTER TABLE public.ships CLUSTER ON ships_pkey;
CREATE TRIGGER touch BEFORE UPDATE ON public.ships FOR EACH ROW EXECUTE FUNCTION tracking.touch();
ALTER TABLE public.ships DISABLE TRIGGER touch;
ALTER TABLE public.containers ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_ship ON public.containers FOR SELECT TO gate_reader USING (ship IS NOT NULL);
CREATE PUBLICATION changes FOR TABLE public.containers;
CREATE TEXT SEARCH CONFIGURATION tracking.spanish (COPY = pg_catalog.spanish);
CREATE TEXT SEARCH DICTIONARY tracking.words (TEMPLATE = simple);
GRANT SELECT ON public.ships TO gate_reader;
GRANT SELECT (id, name), UPDATE (name) ON public.ships TO gate_writer WITH GRANT OPTION;
GRANT USAGE ON SCHEMA tracking TO gate_reader, PUBLIC;
REVOKE ALL ON FUNCTION tracking.normal(text) FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA tracking GRANT SELECT ON TABLES TO gate_reader;
COMMENT ON TABLE public.ships IS E'two\nlines; \\. and a -- dash';
COMMENT ON COLUMN public.ships.name IS 'as painted';
ALTER TABLE public.ships ALTER COLUMN name SET STATISTICS 500;

INSERT INTO public.ships (name, imo, tags, facts, changed)
  SELECT 'Ship ' || i, lpad(i::text, 7, '0'), hstore('n', i::text), jsonb_build_object('i', i, 't', repeat('x', i % 40)),
         '2026-11-01 00:00+00'::timestamptz + i * interval '1 minute'
  FROM generate_series(1, 400) i;
INSERT INTO public.containers
  SELECT md5(i::text)::uuid, 1 + i % 400, (enum_range(NULL::tracking.state))[1 + i % 4], i / 7.0,
         CASE WHEN i % 3 = 0 THEN NULL ELSE E'tab\there, newline\nthere, back\\slash \\. ñ 漢 ' || i END,
         decode(repeat(lpad(to_hex(i % 256), 2, '0'), 24), 'hex'), ROW('Valencia', i)::tracking.place
  FROM generate_series(1, 3000) i;
INSERT INTO tracking.positions
  SELECT 1 + i % 400, '2025-12-01 00:00+00'::timestamptz + i * interval '37 minutes', 39.4 + i / 1000.0, i / 500.0
  FROM generate_series(1, 3000) i;
INSERT INTO tracking.base (kind) SELECT 'b' || i FROM generate_series(1, 10) i;
INSERT INTO tracking.child (kind, extra) SELECT 'c' || i, i FROM generate_series(1, 10) i;
INSERT INTO "Odd ""names"""."Select; drop" VALUES (1, '\.'), (2, 'COPY public.ships FROM stdin;'), (3, E'\\.\n\\.');
INSERT INTO public.no_columns DEFAULT VALUES;
INSERT INTO public.cache VALUES ('a', 'b');
SELECT nextval('tracking.voyage_number') FROM generate_series(1, 5);
INSERT INTO public.attachments SELECT i, lo_from_bytea(0, decode(repeat(md5(i::text), 200 * i), 'hex')) FROM generate_series(1, 4) i;
REFRESH MATERIALIZED VIEW tracking.summary;
