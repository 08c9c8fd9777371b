import { access, constants, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runTool } from './tools-run.ts'

/** pg_restore, pg_dump and psql of one version. */
export type PostgresTools = { readonly folder: string; readonly major: number; readonly version: string }

/** Debian and Ubuntu keep versions side by side here; others have one of these. */
const versioned = '/usr/lib/postgresql'
const onPath = ['/usr/local/bin', '/usr/bin', '/usr/local/pgsql/bin', '/opt/homebrew/bin']

/**
 * The tools to use with a server: those of its own version when they are installed, or else the newest.
 * @param major of the server, such as 15; undefined: the newest
 * @returns undefined where none is installed
 */
export async function findTools(major?: number): Promise<PostgresTools | undefined> {
  const names = await readdir(versioned).catch(() => [])
  const majors = names.map(Number).filter(Number.isInteger)
  const newestFirst = majors.sort((one, other) => Number(other === major) - Number(one === major) || other - one)
  for (const name of newestFirst) {
    const folder = join(versioned, String(name), 'bin')
    // The folder tells the version: no program needs to run.
    if (await hasTools(folder)) return { folder, major: name, version: String(name) }
  }
  for (const folder of onPath) {
    const tools = await askTools(folder)
    if (tools !== undefined) return tools
  }
  return undefined
}

function hasTools(folder: string): Promise<boolean> {
  return access(join(folder, 'pg_restore'), constants.X_OK).then(
    () => true,
    () => false,
  )
}

async function askTools(folder: string): Promise<PostgresTools | undefined> {
  if (!(await hasTools(folder))) return undefined
  const program = join(folder, 'pg_restore')
  let said = ''
  const end = await runTool(program, ['--version'], { limitMs: 10_000 }, async (output) => {
    for await (const chunk of output) said += chunk.toString('utf8')
  })
  const version = /(\d+)(?:\.\d+)*/.exec(said)
  if (end.kind !== 'ended' || end.code !== 0 || version === null) return undefined
  return { folder, major: Number(version[1]), version: version[0] }
}

/** The newest archive format that pg_restore of this version reads, `1.14` as 114: K_VERS_MAX of pg_backup_archiver.h. */
export function newestArchive(major: number): number {
  if (major >= 17) return 116
  if (major === 16) return 115
  return major >= 12 ? 114 : 113
}
