import { createHash } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { BadBackup } from './fault.ts'

/** A regular file of a backup, as it was when it was looked at. */
export type Member = { readonly name: string; readonly size: number; readonly stamp: string }

/**
 * Opens a file of a backup: never through a link, never a pipe or a device, which would hang or lead elsewhere.
 * @throws BadBackup `not_a_regular_file`; the system's error where it cannot be opened
 */
export async function openRegular(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ELOOP') throw new BadBackup('not_a_regular_file', 'it is a link')
      throw error
    },
  )
  const stats = await file.stat()
  if (stats.isFile()) return file
  await file.close()
  throw new BadBackup('not_a_regular_file', `it is a ${kindOf(stats)}`)
}

/** What lies in a folder of a backup, by name. @throws BadBackup `not_a_regular_file`, `too_large` */
export async function listMembers(folder: string): Promise<readonly Member[]> {
  const names = (await readdir(folder)).sort()
  if (names.length > mostMembers) throw new BadBackup('too_large', `a folder of ${names.length} files`)
  const members: Member[] = []
  for (const name of names) {
    const stats = await lstat(join(folder, name))
    if (!stats.isFile()) throw new BadBackup('not_a_regular_file', `${name} is a ${kindOf(stats)}`)
    members.push({ name, size: stats.size, stamp: stampOf(stats) })
  }
  return members
}

const mostMembers = 500_000

/** Changes when the bytes of a file were written, or another file took its name. */
export function stampOf(stats: Stats): string {
  return [stats.dev, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(':')
}

/** One word for all files of a backup; undefined where it is no longer there. */
export async function identityOf(path: string): Promise<string | undefined> {
  const stats = await lstat(path).catch(() => undefined)
  if (stats === undefined) return undefined
  const hash = createHash('sha256')
  if (!stats.isDirectory()) return hash.update(stampOf(stats)).digest('hex').slice(0, 32)
  for (const name of (await readdir(path)).sort()) {
    const member = await lstat(join(path, name)).catch(() => undefined)
    hash.update(`${name}\0${member === undefined ? '' : stampOf(member)}\n`)
  }
  return hash.digest('hex').slice(0, 32)
}

export function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'link'
  if (stats.isFIFO()) return 'pipe'
  if (stats.isDirectory()) return 'folder'
  return stats.isSocket() ? 'socket' : 'device'
}
