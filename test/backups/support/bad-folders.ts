import { execFileSync } from 'node:child_process'
import { cp, mkdir, readdir, readFile, rename, rm, symlink, truncate, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decode, encode } from './archive.ts'
import type { BadCase } from './bad-files.ts'
import { sha256 } from './good-forms.ts'
import type { Originals } from './originals.ts'
import { flipped, randomFrom } from './random.ts'

/** Folder dumps with files missing, cut, changed, or leading elsewhere. */
export function badFolders({ folder: good, folderUncompressed }: Originals, seed: number): BadCase[] {
  const random = randomFrom(seed)
  const change = (
    name: string,
    expect: readonly string[],
    edit: (folder: string, members: readonly string[]) => Promise<unknown>,
    from = good,
  ): BadCase => ({
    name: `folder: ${name}`,
    expect,
    make: async (folder, file) => {
      const copy = join(folder, file)
      await cp(from, copy, { recursive: true })
      await edit(copy, (await readdir(copy)).filter((member) => /^\d+\.dat/.test(member)).sort())
    },
  })
  const largest = async (folder: string, members: readonly string[]) => {
    const sized = await Promise.all(
      members.map(async (name) => ({ name, size: (await readFile(join(folder, name))).length })),
    )
    return join(folder, sized.sort((one, other) => other.size - one.size)[0]?.name ?? '')
  }
  const cuts = [0.1, 0.5, 0.9].map((share) =>
    change(
      `a member cut at ${share * 100} %`,
      ['damaged', 'truncated', 'hostile_statement'],
      async (folder, members) => {
        const path = await largest(folder, members)
        await truncate(path, Math.floor((await readFile(path)).length * share))
      },
    ),
  )
  const flips = Array.from({ length: 8 }, (_, index) =>
    change(
      `a bit turned in a member (${index})`,
      ['damaged', 'truncated', 'hostile_statement'],
      async (folder, members) => {
        const path = await largest(folder, members)
        const original = await readFile(path)
        await writeFile(path, flipped(original, 12 + random(original.length - 20), random(8)))
      },
    ),
  )
  const first = (folder: string, members: readonly string[]) => join(folder, members[0] ?? '')
  return [
    ...cuts,
    ...flips,
    change('a member is missing', ['member_missing'], (folder, members) => unlink(first(folder, members))),
    change('a member has no bytes', ['truncated'], (folder, members) => truncate(first(folder, members))),
    change(
      'a member has no bytes, uncompressed',
      ['truncated'],
      (folder, members) => truncate(first(folder, members)),
      folderUncompressed,
    ),
    change(
      'a member cut, uncompressed',
      ['damaged', 'truncated', 'hostile_statement'],
      async (folder, members) => truncate(await largest(folder, members), 1000),
      folderUncompressed,
    ),
    change('a member twice', ['member_unexpected'], (folder, members) =>
      writeFile(first(folder, members).replace(/\.gz$/, ''), '\\.\n\n\n'),
    ),
    change('a member is a link', ['not_a_regular_file'], async (folder, members) => {
      await rename(first(folder, members), `${folder}-elsewhere`)
      await symlink(`${folder}-elsewhere`, first(folder, members))
    }),
    change('a member is a pipe', ['not_a_regular_file'], async (folder, members) => {
      await unlink(first(folder, members))
      execFileSync('/usr/bin/mkfifo', [first(folder, members)])
    }),
    change('a member is a folder', ['not_a_regular_file'], async (folder, members) => {
      await unlink(first(folder, members))
      await mkdir(first(folder, members))
    }),
    change('a member is a device', ['not_a_regular_file'], async (folder, members) => {
      await unlink(first(folder, members))
      await symlink('/dev/zero', first(folder, members))
    }),
    change('two members exchanged', ['checksum_mismatch'], async (folder, members) => {
      // Rows go into a table with other columns: the offline gate cannot see that, so the checksum must.
      await writeFile(join(folder, 'SHA256SUMS'), await sums(folder))
      const [one, other] = [join(folder, members[0] ?? ''), join(folder, members[1] ?? '')]
      await rename(one, `${one}.x`)
      await rename(other, one)
      await rename(`${one}.x`, other)
    }),
    change('toc.dat is a link', ['not_a_regular_file'], async (folder) => {
      await rename(join(folder, 'toc.dat'), `${folder}-toc`)
      await symlink(`${folder}-toc`, join(folder, 'toc.dat'))
    }),
    ...[3, 60, 500, 20_000].map((at) =>
      change(`toc.dat cut at ${at}`, ['truncated', 'damaged', 'foreign'], (folder) =>
        truncate(join(folder, 'toc.dat'), at),
      ),
    ),
    change('the list of large objects leads elsewhere', ['damaged'], (folder) =>
      writeFile(join(folder, 'blobs.toc'), '16888 ../../../../etc/passwd\n'),
    ),
    change('a large object is missing', ['member_missing'], async (folder) => {
      const name = (await readdir(folder)).find((one) => one.startsWith('blob_')) ?? ''
      await rm(join(folder, name))
    }),
    change('its data file leads elsewhere', ['damaged'], async (folder) => {
      const archive = decode(await readFile(join(folder, 'toc.dat')))
      const entry = archive.entries.find(({ desc }) => desc === 'TABLE DATA')
      if (entry !== undefined) entry.place = '../../../etc/passwd'
      await writeFile(join(folder, 'toc.dat'), encode(archive))
    }),
  ]
}

async function sums(folder: string): Promise<string> {
  const lines: string[] = []
  for (const name of await readdir(folder)) lines.push(`${sha256(await readFile(join(folder, name)))}  ${name}\n`)
  return lines.join('')
}
