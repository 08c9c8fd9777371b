import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import type { BackupWorld } from './world.ts'

export type GoodForm = {
  /** Its name in the folder: deliberately of any ending. */
  readonly name: string
  readonly kind: 'pg-custom' | 'pg-directory' | 'pg-plain'
  readonly sidecar?: true
  /** Tables whose data it leaves out. */
  readonly without?: (table: string) => boolean
  make(world: BackupWorld, folder: string): Promise<void>
}

const file =
  (name: string, args: readonly string[], wrap: (bytes: Buffer) => Buffer = (bytes) => bytes) =>
  async (world: BackupWorld, folder: string) =>
    writeFile(join(folder, name), wrap(await world.dump(args)))

const folderOf = (name: string, args: readonly string[]) => async (world: BackupWorld, folder: string) => {
  await world.dump(['-Fd', '-f', join(folder, name), ...args])
}

const custom = (name: string, ...args: readonly string[]): GoodForm => ({
  name,
  kind: 'pg-custom',
  make: file(name, ['-Fc', ...args]),
})
const seekable = (name: string, ...args: readonly string[]): GoodForm => ({
  name,
  kind: 'pg-custom',
  make: async (world, folder) => {
    await world.dump(['-Fc', '-f', join(folder, name), ...args])
  },
})
const directory = (name: string, ...args: readonly string[]): GoodForm => ({
  name,
  kind: 'pg-directory',
  make: folderOf(name, args),
})
const plain = (name: string, ...args: readonly string[]): GoodForm => ({
  name,
  kind: 'pg-plain',
  make: file(name, args),
})

/** Every form in which pg_dump 15 writes what can be proved, and the wrappings that people put around it. */
export const goodForms: readonly GoodForm[] = [
  custom('piped.dump'),
  seekable('seekable.dump'),
  seekable('uncompressed.dump', '-Z0'),
  custom('piped-uncompressed.dump', '-Z0'),
  seekable('fast.dump', '-Z1'),
  seekable('smallest.dump', '-Z9'),
  seekable('latest.sql'),
  seekable('quoted', '--quote-all-identifiers'),
  seekable('no-owner.dump', '--no-owner', '--no-acl', '--no-comments', '--no-publications'),
  { ...seekable('tracking.dump', '-n', 'tracking'), without: (table) => !table.startsWith('tracking.') },
  { ...seekable('no-cache.dump', '--exclude-table-data=public.cache'), without: (table) => table === 'public.cache' },
  seekable('no-large-objects.dump', '--no-blobs'),
  { name: 'dump.gz', kind: 'pg-custom', make: file('dump.gz', ['-Fc', '-Z0'], gzipSync) },
  { name: 'dump.zst', kind: 'pg-custom', make: file('dump.zst', ['-Fc'], zstdCompressSync) },
  directory('folder'),
  directory('folder-parallel', '-j2'),
  directory('folder-uncompressed', '-Z0'),
  directory('nested/by/day/2026-11-24'),
  plain('plain.sql'),
  plain('plain-quoted.txt', '--quote-all-identifiers', '--no-comments'),
  { name: 'plain.sql.gz', kind: 'pg-plain', make: file('plain.sql.gz', ['-v'], gzipSync) },
  { name: 'plain.sql.zst', kind: 'pg-plain', make: file('plain.sql.zst', [], zstdCompressSync) },
  { ...seekable('with-sidecar.dump', '-Z0'), sidecar: true, make: withSidecar('with-sidecar.dump', ['-Fc', '-Z0']) },
  { name: 'gz-sidecar', kind: 'pg-plain', sidecar: true, make: withSidecar('gz-sidecar', [], gzipSync) },
  { name: 'folder-sums', kind: 'pg-directory', sidecar: true, make: folderWithSums('folder-sums', 'inside') },
  { name: 'folder-beside', kind: 'pg-directory', sidecar: true, make: folderWithSums('folder-beside', 'beside') },
]

function withSidecar(name: string, args: readonly string[], wrap = (bytes: Buffer) => bytes): GoodForm['make'] {
  return async (world, folder) => {
    await file(name, args, wrap)(world, folder)
    await writeFile(join(folder, `${name}.sha256`), `${sha256(await readFile(join(folder, name)))}  ${name}\n`)
  }
}

/** As `sha256sum *` writes it in the folder, or `sha256sum FOLDER/*` beside it. */
function folderWithSums(name: string, where: 'inside' | 'beside'): GoodForm['make'] {
  return async (world, folder) => {
    await folderOf(name, [])(world, folder)
    const lines: string[] = []
    for (const member of await readdir(join(folder, name)))
      lines.push(
        `${sha256(await readFile(join(folder, name, member)))}  ${where === 'inside' ? member : `${name}/${member}`}\n`,
      )
    const target = where === 'inside' ? join(folder, name, 'SHA256SUMS') : join(folder, `${name}.sha256`)
    await writeFile(target, lines.join(''))
  }
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
