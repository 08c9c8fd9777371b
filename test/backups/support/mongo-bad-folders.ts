import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import type { BadCase } from './bad-files.ts'
import { sha256 } from './good-forms.ts'
import { documents, richCollections } from './mongo-documents.ts'
import { writeDirectory } from './mongo-folders.ts'
import { flipped, randomFrom } from './random.ts'

const run = promisify(execFile)

/** `backup/porttrack` with something wrong in it. */
const folder = (
  name: string,
  expect: readonly string[],
  gzip: boolean,
  harm: (path: string) => Promise<unknown>,
): BadCase => ({
  name: `folder: ${name}`,
  expect,
  async make(place, as) {
    const path = join(place, as, 'porttrack')
    await writeDirectory(path, richCollections(), gzip)
    await harm(path)
  },
})

const at = (path: string, name: string) => join(path, name)
const plain = (name: string, expect: readonly string[], harm: (path: string) => Promise<unknown>) =>
  folder(name, expect, false, harm)

/** What can be seen without a sidecar. */
export function badMongoFolders(seed: number): BadCase[] {
  const random = randomFrom(seed)
  return [
    plain('documents missing', ['member_missing'], (path) => rm(at(path, 'ships.bson'))),
    plain('metadata missing', ['member_missing'], (path) => rm(at(path, 'ships.metadata.json'))),
    plain('buckets missing', ['member_missing'], (path) => rm(at(path, 'system.buckets.speeds.bson'))),
    plain('metadata of a time series missing', ['member_missing'], (path) => rm(at(path, 'speeds.metadata.json'))),
    plain('cut within a document', ['truncated'], (path) => truncate(at(path, 'ships.bson'), 1234)),
    plain('metadata cut', ['damaged'], (path) => truncate(at(path, 'ships.metadata.json'), 40)),
    plain('metadata empty', ['damaged'], (path) => truncate(at(path, 'ships.metadata.json'), 0)),
    plain('a document of a view', ['damaged'], (path) => writeFile(at(path, 'arrivals.bson'), documents(1)[0] ?? '')),
    plain('metadata exchanged', ['damaged'], async (path) => {
      await rename(at(path, 'ships.metadata.json'), at(path, 'x'))
      await rename(at(path, 'words.metadata.json'), at(path, 'ships.metadata.json'))
      await rename(at(path, 'x'), at(path, 'words.metadata.json'))
    }),
    plain('a link', ['not_a_regular_file'], async (path) => {
      await rm(at(path, 'ships.bson'))
      await symlink('/etc/passwd', at(path, 'ships.bson'))
    }),
    plain('a pipe', ['not_a_regular_file'], async (path) => {
      await rm(at(path, 'ships.bson'))
      await run('mkfifo', [at(path, 'ships.bson')])
    }),
    plain('a folder inside', ['not_a_regular_file'], (path) => mkdir(at(path, 'more'))),
    plain('a .bin, which mongorestore takes', ['member_unexpected'], (path) => writeFile(at(path, 'crews.bin'), '')),
    plain('a file of others', ['member_unexpected'], (path) => writeFile(at(path, 'ships.bson.bak'), '')),
    plain('some packed, some not', ['member_unexpected'], (path) => writeFile(at(path, 'crews.bson.gz'), gzipSync(''))),
    plain('a terminator', ['damaged'], (path) => writeFile(at(path, 'nothing.bson'), Buffer.alloc(4, 0xff))),
    plain('plain text', ['damaged', 'too_large'], (path) =>
      writeFile(at(path, 'nothing.bson'), 'hello, this is no BSON'),
    ),
    plain('a name that cannot be', ['member_unexpected'], (path) => writeFile(at(path, '%zz.bson'), '')),
    plain('a system collection', ['name_not_allowed'], async (path) => {
      await writeFile(at(path, 'system.users.bson'), documents(1)[0] ?? '')
      await writeFile(at(path, 'system.users.metadata.json'), '{"indexes":[]}')
    }),
    plain('text that is no UTF-8', ['damaged'], async (path) => {
      const bytes = await readFile(at(path, 'ships.bson'))
      bytes[bytes.indexOf('ría')] = 0xff
      await writeFile(at(path, 'ships.bson'), bytes)
    }),
    plain('prelude.json cut', ['damaged'], (path) => writeFile(at(path, 'prelude.json'), '{"ServerVersion":')),
    plain('a server of tomorrow', ['server_older'], (path) =>
      writeFile(at(path, 'prelude.json'), '{"ServerVersion":"12.0"}'),
    ),
    plain('another database', ['foreign'], (path) => rename(path, `${path}-of-monday`)),
    plain('a sidecar that does not fit', ['checksum_mismatch'], async (path) => {
      await writeSums(path)
      const bytes = await readFile(at(path, 'ships.bson'))
      await writeFile(at(path, 'ships.bson'), flipped(bytes, bytes.indexOf('ría'), 1))
    }),
    plain('emptied, with a sidecar', ['checksum_mismatch'], async (path) => {
      await writeSums(path)
      await truncate(at(path, 'words.bson'), 0)
    }),
    folder('packed, more after the end', ['damaged'], true, async (path) => {
      const bytes = await readFile(at(path, 'ships.bson.gz'))
      await writeFile(at(path, 'ships.bson.gz'), Buffer.concat([bytes, Buffer.from('more')]))
    }),
    ...[20, 2_000_000].map((zeros) =>
      folder(`packed, ${zeros} zeros after the end`, ['damaged'], true, async (path) => {
        const bytes = await readFile(at(path, 'ships.bson.gz'))
        await writeFile(at(path, 'ships.bson.gz'), Buffer.concat([bytes, Buffer.alloc(zeros)]))
      }),
    ),
    folder('packed, empty', ['truncated'], true, (path) => truncate(at(path, 'ships.bson.gz'), 0)),
    ...Array.from({ length: 4 }, () => {
      const size = random(200)
      return folder(`packed, cut at ${size}`, ['truncated', 'damaged'], true, (path) =>
        truncate(at(path, 'ships.bson.gz'), size),
      )
    }),
    ...Array.from({ length: 8 }, () =>
      folder('packed, a bit', ['damaged', 'truncated', 'too_large'], true, async (path) => {
        const bytes = await readFile(at(path, 'ships.bson.gz'))
        await writeFile(at(path, 'ships.bson.gz'), flipped(bytes, 10 + random(bytes.length - 10), random(8)))
      }),
    ),
  ]
}

export async function writeSums(path: string): Promise<void> {
  const lines: string[] = []
  for (const name of await readdir(path)) lines.push(`${sha256(await readFile(join(path, name)))}  ${name}\n`)
  await writeFile(join(path, 'SHA256SUMS'), lines.join(''))
}
