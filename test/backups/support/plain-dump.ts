/** What pg_dump writes for one small table. */
export const plainDump = Buffer.from(`--
-- PostgreSQL database dump
--

\\restrict abcDEF123

-- Dumped from database version 15.18
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET default_table_access_method = heap;

CREATE TABLE public.ships (
    id integer NOT NULL,
    seen timestamp with time zone
);

ALTER TABLE public.ships OWNER TO porttrack;

COPY public.ships (id, seen) FROM stdin;
1	2026-11-01 10:00:00+01
2	\\N
\\.

SELECT pg_catalog.setval('public.ships_id_seq', 2, true);

GRANT SELECT ON TABLE public.ships TO reader, PUBLIC;

--
-- PostgreSQL database dump complete
--

\\unrestrict abcDEF123

`)
