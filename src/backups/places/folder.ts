import { type Dirent, realpathSync, type Stats } from 'node:fs'
import { lstat, readdir, realpath } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { BadBackup, NotJudged } from '../fault.ts'
import { identityOf, kindOf, openRegular } from '../files.ts'
import { longestSidecar } from '../sidecar.ts'
import { isCompanion, isMongoFolder, isMongoPacked, isOfMongoServer, type Place, type Stored } from './types.ts'

const deepest = 4

/** A folder of this machine or a mounted volume. Links in it are shown, never followed; the folder itself may be one. */
export function folderPlace(folder: string): Place {
  const root = realRoot(folder)
  const pathOf = (stored: Stored) => join(root, stored.name)
  return {
    list: () => within(folder, async () => walk(await realpath(folder), '', 0)),
    find: (name) =>
      within(folder, async () => (await walk(await realpath(folder), '', 0)).find((one) => one.name === name)),
    start: (stored, bytes) =>
      firstBytes(stored.folder === 'pg' ? join(pathOf(stored), 'toc.dat') : pathOf(stored), bytes),
    async sidecar(stored) {
      const inside = stored.folder === undefined ? undefined : await textOf(join(pathOf(stored), 'SHA256SUMS'))
      return inside ?? (await textOf(`${pathOf(stored)}.sha256`))
    },
    path: pathOf,
    parts: async () => [],
    read: async (stored): Promise<Readable> => (await openRegular(pathOf(stored))).createReadStream(),
  }
}

function realRoot(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return folder
  }
}

async function within<T>(folder: string, look: () => Promise<T>): Promise<T> {
  try {
    return await look()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new NotJudged('place_away', `the folder ${folder} cannot be read (${code})`)
  }
}

async function walk(root: string, folder: string, depth: number): Promise<Stored[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true })
  const names = new Set(entries.map((entry) => entry.name))
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name)
  const whole = names.has('toc.dat') ? 'pg' : isMongoFolder(files) ? 'mongo' : undefined
  if (whole === 'mongo' && isOfMongoServer(folder, true)) return []
  if (whole !== undefined && folder !== '') return [await dump(root, folder, entries, whole)]
  const found: Stored[] = []
  for (const entry of entries) {
    const name = join(folder, entry.name)
    if (isCompanion(entry.name) || isOfMongoServer(entry.name, false)) continue
    if (entry.isDirectory()) {
      if (depth < deepest) found.push(...(await walk(root, name, depth + 1).catch(() => [])))
      continue
    }
    const stats = await lstat(join(root, name)).catch(() => undefined)
    if (stats !== undefined) found.push(await file(root, name, stats))
  }
  return found
}

async function file(root: string, name: string, stats: Stats): Promise<Stored> {
  const identity = (await identityOf(join(root, name))) ?? ''
  const stored = { name: name.split(sep).join('/'), sizeBytes: stats.size, modifiedAt: stats.mtime, identity }
  if (stats.isFile()) return { ...stored, folder: undefined }
  return { ...stored, folder: undefined, problem: { reason: 'not_a_regular_file', detail: `it is a ${kindOf(stats)}` } }
}

async function dump(root: string, folder: string, entries: readonly Dirent[], kind: 'pg' | 'mongo'): Promise<Stored> {
  const all = await Promise.all(entries.map((entry) => lstat(join(root, folder, entry.name))))
  return {
    name: folder.split(sep).join('/'),
    sizeBytes: all.reduce((sum, stats) => sum + stats.size, 0),
    modifiedAt: new Date(Math.max(...all.map((stats) => stats.mtimeMs))),
    identity: (await identityOf(join(root, folder))) ?? '',
    folder: kind,
    ...(kind === 'mongo' ? { packed: isMongoPacked(entries.map((entry) => entry.name)) } : {}),
  }
}

async function firstBytes(path: string, bytes: number): Promise<Buffer> {
  const file = await openRegular(path)
  try {
    const start = Buffer.alloc(bytes)
    const { bytesRead } = await file.read(start, 0, bytes, 0)
    return start.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** A sidecar's text; undefined where there is none. */
async function textOf(path: string): Promise<string | undefined> {
  const file = await openRegular(path).catch((error: unknown) => {
    if (error instanceof BadBackup) throw new BadBackup(error.reason, `${basename(path)}: ${error.message}`)
    return undefined
  })
  try {
    const size = (await file?.stat())?.size ?? 0
    if (size > longestSidecar) throw new BadBackup('too_large', `${basename(path)} has ${size} bytes`)
    return await file?.readFile('utf8')
  } finally {
    await file?.close()
  }
}
