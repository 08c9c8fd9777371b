import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { BadBackup, shown } from '../fault.ts'
import { listMembers, type Member, openRegular } from '../files.ts'
import { hashFile } from '../hash.ts'
import type { SlimEntry } from './toc.ts'

const suffixes = ['', '.gz', '.lz4', '.zst'] as const
const longestList = 64 * 1024 * 1024

/**
 * That a folder dump is whole and leads nowhere else: every file that its table of contents names is there once, is a
 * regular file and not empty (an empty one would read as an empty table), and so is every large object.
 * @throws BadBackup `not_a_regular_file`, `member_missing`, `member_unexpected`, `truncated`
 */
export async function checkMembers(folder: string, entries: readonly SlimEntry[]): Promise<readonly Member[]> {
  const members = await listMembers(folder)
  const sizes = new Map(members.map((member) => [member.name, member.size]))
  for (const { data, tag, desc } of entries) {
    if (data.kind !== 'file') continue
    const name = oneOf(sizes, data.name, `${desc} ${shown(tag, 40)}`)
    if (data.name.startsWith('blobs')) await checkObjects(folder, name, sizes)
  }
  return members
}

function oneOf(sizes: ReadonlyMap<string, number>, name: string, of: string): string {
  const found = suffixes.map((suffix) => name + suffix).filter((file) => sizes.has(file))
  const [file, second] = found
  if (file === undefined) throw new BadBackup('member_missing', `${name} (${of}) is not in the folder`)
  if (second !== undefined) throw new BadBackup('member_unexpected', `both ${file} and ${second} are in the folder`)
  if (sizes.get(file) === 0 && !name.startsWith('blob'))
    throw new BadBackup('truncated', `${file} (${of}) has no bytes`)
  return file
}

/** blobs.toc: a line `OID FILE` for each large object. It is never compressed. */
async function checkObjects(folder: string, list: string, sizes: ReadonlyMap<string, number>): Promise<void> {
  if ((sizes.get(list) ?? 0) > longestList) throw new BadBackup('too_large', `${list} has ${sizes.get(list)} bytes`)
  const file = await openRegular(join(folder, list))
  const text = await file.readFile('utf8').finally(() => file.close())
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const name = /^\d+ (blob_\d+\.dat)$/.exec(line)?.[1]
    if (name === undefined) throw new BadBackup('damaged', `${list} holds the line "${shown(line, 40)}"`)
    oneOf(sizes, name, 'a large object')
  }
}

/** SHA-256 of every member, and one over all of them. */
export async function hashMembers(
  folder: string,
  members: readonly Member[],
  signal?: AbortSignal,
): Promise<{ readonly sha256: string; readonly each: ReadonlyMap<string, string> }> {
  const each = new Map<string, string>()
  const whole = createHash('sha256')
  for (const { name, size } of members) {
    const sha256 = await hashFile(join(folder, name), signal)
    each.set(name, sha256)
    whole.update(`${name} ${size} ${sha256}\n`)
  }
  return { sha256: whole.digest('hex'), each }
}
