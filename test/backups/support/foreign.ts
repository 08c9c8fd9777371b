import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { BadCase } from './bad-files.ts'
import type { Originals } from './originals.ts'
import type { BackupWorld } from './world.ts'

/** What lies in backup folders besides backups, and dumps in a form or of a thing that is not wanted. */
export function foreign(originals: Originals, world: BackupWorld): BadCase[] {
  const { custom, plain } = originals
  const file = (name: string, expect: readonly string[], content: Buffer | string): BadCase => ({
    name,
    expect,
    make: (folder, target) => writeFile(join(folder, target), content),
  })
  const dumped = (name: string, expect: readonly string[], args: readonly string[], database?: string): BadCase => ({
    name,
    expect,
    make: async (folder, target) => writeFile(join(folder, target), await world.dump(args, database)),
  })
  const noise = Buffer.concat(
    Array.from({ length: 64 }, (_, index) => createHash('sha512').update(`${index}`).digest()),
  )
  return [
    file('empty', ['empty'], ''),
    file('gzip of nothing', ['empty', 'damaged'], gzipSync('')),
    file('gzip within gzip', ['foreign'], gzipSync(gzipSync(custom))),
    file('text', ['foreign'], 'backup finished without errors\n'),
    file('an error page', ['foreign'], '<!DOCTYPE html><title>403 Forbidden</title>'),
    file('JSON', ['foreign'], '{"backup": true}'),
    file('a line end', ['foreign'], '\n'),
    file('zeros', ['foreign'], Buffer.alloc(4096)),
    file('noise', ['foreign'], noise),
    file('gzip of noise', ['foreign'], gzipSync(noise)),
    file('a program', ['foreign'], Buffer.concat([Buffer.from('\x7fELF'), noise])),
    file('SQLite', ['foreign'], Buffer.concat([Buffer.from('SQLite format 3\0'), noise])),
    file('a zip', ['foreign'], Buffer.concat([Buffer.from('PK\x03\x04'), noise])),
    file('an encrypted file', ['foreign'], Buffer.concat([Buffer.from('age-encryption.org/v1\n'), noise])),
    file('only the magic', ['truncated', 'damaged'], 'PGDMP'),
    file('the magic and noise', ['damaged', 'truncated', 'tool_older'], Buffer.concat([Buffer.from('PGDMP'), noise])),
    file(
      'a mongodump archive',
      ['other_engine', 'foreign'],
      Buffer.concat([Buffer.from([0x6d, 0xe2, 0x99, 0x81]), noise]),
    ),
    file('MySQL', ['foreign'], '-- MySQL dump 10.13  Distrib 8.0.36\n--\n-- Host: localhost    Database: porttrack\n'),
    file('pg_dumpall', ['foreign'], '--\n-- PostgreSQL database cluster dump\n--\n\nCREATE ROLE x SUPERUSER;\n'),
    file('plain with the wrong line ends', ['foreign'], plain.toString('latin1').replaceAll('\n', '\r')),
    dumped('tar', ['tar_unsupported'], ['-Ft']),
    dumped('another database', ['other_database'], ['-Fc'], 'another'),
    dumped('another database, plain', ['other_database'], [], 'another'),
    dumped('an empty database', ['no_tables', 'other_database'], ['-Fc'], 'postgres'),
    dumped('schema only', ['no_tables'], ['-Fc', '-s']),
    dumped('schema only, plain', ['no_tables'], ['-s']),
    dumped('data only', ['no_tables'], ['-Fc', '-a']),
    dumped('INSERTs', ['form_unsupported'], ['-Fc', '--inserts']),
    dumped('INSERTs, plain', ['form_unsupported'], ['--rows-per-insert=50']),
    dumped('with --clean, plain', ['form_unsupported'], ['--clean', '--if-exists']),
    dumped('with --create, plain', ['hostile_statement', 'form_unsupported'], ['--create']),
    dumped('through the root of partitions', ['form_unsupported'], ['-Fc', '--load-via-partition-root']),
    {
      name: 'a tar of a folder dump',
      expect: ['foreign', 'tar_unsupported'],
      make: async (folder, target) => {
        execFileSync('tar', ['-cf', join(folder, target), '-C', originals.folder, '.'])
      },
    },
    {
      name: 'toc.dat alone',
      expect: ['foreign'],
      make: (folder, target) => cp(join(originals.folder, 'toc.dat'), join(folder, target)),
    },
    {
      name: 'a folder with toc.dat alone',
      expect: ['member_missing'],
      make: async (folder, target) => {
        await mkdir(join(folder, target))
        await cp(join(originals.folder, 'toc.dat'), join(folder, target, 'toc.dat'))
      },
    },
    {
      name: 'a link to a good dump',
      expect: ['not_a_regular_file'],
      make: async (folder, target) => {
        await writeFile(join(folder, '.hidden'), custom)
        await symlink(join(folder, '.hidden'), join(folder, target))
      },
    },
    {
      name: 'a link to an endless file',
      expect: ['not_a_regular_file'],
      make: (folder, target) => symlink('/dev/zero', join(folder, target)),
    },
    {
      name: 'a pipe',
      expect: ['not_a_regular_file'],
      make: async (folder, target) => {
        execFileSync('/usr/bin/mkfifo', [join(folder, target)])
      },
    },
  ]
}
