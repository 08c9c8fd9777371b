import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

const pattern = /^point-([\w.]+)-(\d+)-([0-9a-f]{8})-/
const host = hostname().replace(/[^\w.]/g, '_')
/** In a container every life of the bot has the same process number: the token tells them apart. */
const life = randomBytes(4).toString('hex')
const foreignMs = 2 * 24 * 3600_000

/** A new folder in the scratch folder, marked with this process so that a later one can clear it away. */
export async function makeScratch(scratch: string): Promise<string> {
  await mkdir(scratch, { recursive: true, mode: 0o700 })
  return mkdtemp(join(scratch, `point-${host}-${process.pid}-${life}-`))
}

/** Removes what killed processes left, and what another machine left two days ago; to be called at the start. @returns how many */
export async function sweepScratch(scratch: string): Promise<number> {
  let removed = 0
  for (const name of await readdir(scratch).catch(() => [])) {
    const path = join(scratch, name)
    if (!(await isLeft(name, path))) continue
    await rm(path, { recursive: true, force: true })
    removed += 1
  }
  return removed
}

async function isLeft(name: string, path: string): Promise<boolean> {
  const [, machine, pid, token] = pattern.exec(name) ?? []
  if (machine === undefined) return false
  if (machine !== host)
    return Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now()) > foreignMs
  return Number(pid) === process.pid ? token !== life : !isAlive(Number(pid))
}

/** How much may be written there: a tenth of the disk's free space is left to others. */
export async function roomIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return Math.floor(bavail * bsize * 0.9)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
