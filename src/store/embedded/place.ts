import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve, sep } from 'node:path'

/** Where things of one embedded server are. */
export type Place = {
  /** The folder that was asked for: holds the settings file, readable by its owner alone. */
  readonly folder: string
  /** Where the cluster's files and the copied programs are; usually the same folder. */
  readonly base: string
  readonly data: string
  readonly log: string
  /** Whom the server runs as; undefined: the user of this process. */
  readonly user: { readonly uid: number; readonly gid: number } | undefined
}

/** nobody and nogroup: there on every system, nothing to create. PostgreSQL refuses to run as root. */
const nobody = { uid: 65534, gid: 65534 } as const

/**
 * Finds or makes the place of a server. As root the files must lie where nobody can reach them: when a folder above is
 * closed to others, they go under the system's temporary folder or /var/lib, and `folder/place` says where.
 */
export async function preparePlace(folder: string, onLog: (line: string) => void): Promise<Place> {
  const asked = resolve(folder)
  const user = process.getuid?.() === 0 ? nobody : undefined
  await mkdir(asked, { recursive: true, mode: 0o711 })
  const base = user === undefined ? asked : await reachableBase(asked, onLog)
  await mkdir(base, { recursive: true, mode: 0o711 })
  return { folder: asked, base, data: join(base, 'postgres'), log: join(base, 'postgres.log'), user }
}

async function reachableBase(folder: string, onLog: (line: string) => void): Promise<string> {
  // Passing through is enough for nobody; the names in it stay hidden.
  const { mode } = await stat(folder)
  if ((mode & 0o001) === 0) await chmod(folder, (mode & 0o777) | 0o001)
  if (await isReachable(dirname(folder))) return folder
  const note = join(folder, 'place')
  const before = await readFile(note, 'utf8').catch(() => '')
  if (before !== '') return before.trim()
  const root = folder.startsWith(tmpdir() + sep) ? tmpdir() : '/var/lib'
  const base = join(root, `rescue-postgres-${randomBytes(6).toString('hex')}`)
  onLog(`the user nobody cannot reach ${folder}, so the database's files are kept in ${base}`)
  await writeFile(note, `${base}\n`)
  return base
}

async function isReachable(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false
    if (at === dirname(at)) return true
  }
}

/** Gives a path to the server's user, where that is not this process's own. */
export async function giveToServer(place: Place, path: string): Promise<void> {
  if (place.user !== undefined) await chown(path, place.user.uid, place.user.gid)
}
