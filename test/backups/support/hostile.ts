import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { edited, type RawEntry } from './archive.ts'
import type { BadCase } from './bad-files.ts'
import type { Originals } from './originals.ts'

/** Statements that pg_dump never writes; each would do harm with the rights of whoever restores. */
const statements: Readonly<Record<string, string>> = {
  'a superuser': 'CREATE ROLE intruder SUPERUSER LOGIN',
  'a user': 'CREATE USER intruder',
  'a membership': 'GRANT pg_execute_server_program TO gate_reader',
  'a changed role': 'ALTER ROLE gate_reader SUPERUSER',
  'a server setting': "ALTER SYSTEM SET archive_command = 'rm -rf /'",
  'the live database renamed': 'ALTER DATABASE porttrack RENAME TO gone',
  'the live database dropped': 'DROP DATABASE porttrack',
  'a program, to': "COPY public.ships TO PROGRAM 'sh'",
  'a program, from': "COPY public.ships FROM PROGRAM 'sh'",
  'a file, to': "COPY public.ships TO '/tmp/out'",
  'a block of code': "DO $$ BEGIN EXECUTE 'ALTER SYSTEM RESET ALL'; END $$",
  'another session user': 'SET SESSION AUTHORIZATION postgres',
  'a role switch': 'SET ROLE gate_writer',
  'preloaded code': "SET local_preload_libraries = 'evil'",
  'a file read': "SELECT pg_read_file('/etc/passwd')",
  'a file read by a qualified name': "SELECT pg_catalog.pg_read_file('/etc/passwd')",
  'a call inside an allowed call': "SELECT pg_catalog.set_config('search_path', pg_read_file('/etc/passwd'), false)",
  'sessions ended': 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity',
  'an event trigger': 'CREATE EVENT TRIGGER evil ON ddl_command_end EXECUTE FUNCTION tracking.touch()',
  'a table made by a query': "CREATE TABLE public.stolen AS SELECT pg_read_file('/etc/passwd') AS text",
  'a tablespace': "CREATE TABLESPACE evil LOCATION '/tmp'",
  'a database': 'CREATE DATABASE evil',
  'rows changed': 'UPDATE pg_catalog.pg_authid SET rolsuper = true',
  'rows deleted': 'DELETE FROM public.ships',
  'a table emptied': 'TRUNCATE public.ships',
  'a subscription that connects': "CREATE SUBSCRIPTION evil CONNECTION 'host=evil' PUBLICATION p",
  'a label on a role': "SECURITY LABEL ON ROLE gate_reader IS 'x'",
  'rights on the database': 'GRANT ALL ON DATABASE porttrack TO gate_reader',
  'a library loaded': "LOAD '/tmp/evil.so'",
  'a call': 'CALL tracking.tidy(1)',
  'a prepared statement': 'PREPARE evil AS SELECT 1',
  'everything owned': 'REASSIGN OWNED BY rescue TO gate_reader',
  'a notice to listeners': 'NOTIFY evil',
  'texts read another way': 'SET standard_conforming_strings = off',
  'an unsafe encoding': "SET client_encoding = 'SJIS'",
}

const languages: Readonly<Record<string, string>> = {
  'code of C':
    "CREATE FUNCTION public.evil() RETURNS integer LANGUAGE c AS '/lib/x86_64-linux-gnu/libc.so.6', 'system'",
  'code of the server': "CREATE FUNCTION public.evil(text) RETURNS text LANGUAGE internal AS 'pg_read_file'",
  'untrusted Python': 'CREATE FUNCTION public.evil() RETURNS integer LANGUAGE plpython3u AS $$ import os $$',
  'untrusted Perl, quoted':
    'CREATE OR REPLACE FUNCTION public.evil() RETURNS void AS $$ system("id") $$ LANGUAGE "plperlu"',
  'an untrusted language': 'CREATE LANGUAGE plpython3u',
}

/** The same into an archive's table of contents and into plain SQL. */
export function hostile({ custom, plain }: Originals): BadCase[] {
  const cases: BadCase[] = []
  const add = (name: string, expect: readonly string[], content: Buffer) =>
    cases.push({ name: `hostile: ${name}`, expect, make: (folder, file) => writeFile(join(folder, file), content) })
  const inArchive = (name: string, expect: readonly string[], desc: string, change: (entry: RawEntry) => void) =>
    add(`${name} (archive)`, expect, edited(custom, desc, change))
  const at = plain.indexOf('\n--\n-- Data for Name')
  const inPlain = (name: string, expect: readonly string[], text: string) =>
    add(
      `${name} (plain)`,
      expect,
      Buffer.concat([plain.subarray(0, at), Buffer.from(`\n${text}\n`), plain.subarray(at)]),
    )
  const expect = ['hostile_statement']
  for (const [name, statement] of Object.entries(statements)) {
    const words = /^DROP/.test(statement) ? [...expect, 'form_unsupported'] : expect
    inArchive(name, words, 'TABLE', (entry) => (entry.definition += `\n${statement};\n`))
    inPlain(name, words, `${statement};`)
  }
  for (const [name, statement] of Object.entries(languages)) {
    inArchive(name, ['untrusted_language'], 'FUNCTION', (entry) => (entry.definition = `${statement};\n`))
    inPlain(name, ['untrusted_language'], `${statement};`)
  }
  for (const command of [
    '\\! id',
    '\\copy public.ships to /tmp/x',
    '\\i /etc/passwd',
    '\\connect postgres',
    '\\set x 1',
    '\\gexec',
  ])
    inPlain(`the client's ${command.split(' ')[0]}`, expect, command)
  inPlain('a command hidden behind a text', expect, "COMMENT ON TABLE public.ships IS 'a'; \\! id")
  inPlain('a comment that hides the end of a comment', expect, '/* /* */ */ DO $$ BEGIN END $$;')
  inPlain('dollars that do not match', expect, 'COMMENT ON SCHEMA public IS $a$ $b$ $a$; LISTEN x; -- $b$')
  inPlain('a backslash that does not escape', expect, "COMMENT ON SCHEMA public IS 'a\\'; LISTEN x; --';")
  const evil = (body: string) =>
    `CREATE FUNCTION public.evil(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN ${body}; RETURN $1; END $$;`
  const used = 'CREATE INDEX evil_idx ON public.ships USING btree (public.evil(name));'
  inPlain(
    'an index whose function renames the live database',
    expect,
    `${evil('ALTER DATABASE porttrack RENAME TO x')}\n${used}`,
  )
  inPlain(
    'a check whose function reads files',
    expect,
    `${evil("PERFORM pg_read_file('/etc/passwd')")}\nCREATE TABLE public.c (x text CHECK (public.evil(x) = x));`,
  )
  const through = 'CREATE FUNCTION public.calm(text) RETURNS text LANGUAGE sql AS $$ SELECT public.evil($1) $$;'
  inPlain(
    'an index whose function calls another',
    expect,
    `${evil('DROP DATABASE porttrack')}\n${through}\n${used.replace('evil(name)', 'calm(name)')}`,
  )
  inPlain(
    'an operator whose function makes roles',
    expect,
    `${evil('CREATE ROLE x SUPERUSER')}\nCREATE OPERATOR public.!! (FUNCTION = public.evil, RIGHTARG = text);`,
  )
  inArchive('an index whose function makes roles', expect, 'FUNCTION', (entry) => {
    entry.definition = `${evil('CREATE ROLE x SUPERUSER')}\n${used}`
  })
  add(
    'a statement after the last words (plain)',
    ['hostile_statement', 'truncated'],
    Buffer.concat([plain, Buffer.from('\nALTER SYSTEM RESET ALL;\n')]),
  )
  add(
    'an allowed statement after the last words (plain)',
    ['truncated'],
    Buffer.concat([plain, Buffer.from('\nSET lock_timeout = 1;\n')]),
  )
  const copy = (text: string) => (entry: RawEntry) => (entry.copy = text)
  inArchive('COPY from a program', expect, 'TABLE DATA', copy("COPY public.ships FROM PROGRAM 'id';\n"))
  inArchive('COPY and more', expect, 'TABLE DATA', copy('COPY public.ships FROM stdin; ALTER SYSTEM RESET ALL;\n'))
  inArchive(
    'COPY into another table',
    ['form_unsupported'],
    'TABLE DATA',
    copy('COPY pg_catalog.pg_authid FROM stdin;\n'),
  )
  inArchive('no COPY at all', ['form_unsupported'], 'TABLE DATA', copy(''))
  inArchive('data under another kind', ['hostile_statement'], 'TABLE DATA', (entry) => (entry.desc = 'INDEX'))
  inArchive(
    'a statement without end',
    expect,
    'TABLE',
    (entry) => (entry.definition += "\nCOMMENT ON TABLE x IS 'open"),
  )
  inArchive('a comment without end', expect, 'TABLE', (entry) => (entry.definition += '\n/* open'))
  inArchive('a client command', expect, 'TABLE', (entry) => (entry.definition += '\n\\! id\n'))
  inArchive(
    'the database itself under another kind',
    expect,
    'SCHEMA',
    (entry) => (entry.definition = 'ALTER DATABASE porttrack OWNER TO gate_reader;\n'),
  )
  return cases
}
