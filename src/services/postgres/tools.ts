import { access, constants, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runTool } from './tools-run.ts'

/** pg_restore, pg_dump and psql of one version. */
export type PostgresTools = { readonly folder: string; readonly major: number; readonly version: string }

/** Where people have said that programs are. */
export type ToolFolders = {
  /** Only this folder is looked into: RESCUE_POSTGRES_TOOLS. */
  readonly given?: string | undefined
  /** The folders of PATH, looked into last. */
  readonly path?: readonly string[] | undefined
}

/** `{N}` is the version: Debian and Ubuntu, PostgreSQL's own packages for Red Hat, Homebrew on both kinds of Mac. */
const versioned = [
  '/usr/lib/postgresql/{N}/bin',
  '/usr/pgsql-{N}/bin',
  '/opt/homebrew/opt/postgresql@{N}/bin',
  '/usr/local/opt/postgresql@{N}/bin',
] as const
const others = [
  '/usr/local/bin',
  '/usr/bin',
  '/usr/local/pgsql/bin',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/libpq/bin',
  '/usr/local/opt/libpq/bin',
]

/**
 * The tools to use with a server: those of its own version when they are installed, or else the newest.
 * @param major of the server, such as 15; undefined: the newest
 * @returns undefined where none is installed, or none is in the folder that was given
 */
export async function findTools(major?: number, folders: ToolFolders = {}): Promise<PostgresTools | undefined> {
  if (folders.given !== undefined) return askTools(folders.given)
  const installed = (await Promise.all(versioned.map(majorsIn))).flat()
  installed.sort((one, other) => Number(other.major === major) - Number(one.major === major) || other.major - one.major)
  for (const tools of installed) {
    // The folder tells the version: no program needs to run.
    if (await hasTools(tools.folder)) return { ...tools, version: String(tools.major) }
  }
  for (const folder of new Set([...others, ...(folders.path ?? [])])) {
    const tools = await askTools(folder)
    if (tools !== undefined) return tools
  }
  return undefined
}

/** The versions that have a folder of this form. */
async function majorsIn(
  form: (typeof versioned)[number],
): Promise<{ readonly folder: string; readonly major: number }[]> {
  const [parent = '', name = ''] = splitForm(form)
  const [before = '', after = ''] = name.split('{N}')
  const names = await readdir(parent).catch(() => [])
  return names.flatMap((each) => {
    const major = each.startsWith(before) ? Number(each.slice(before.length, each.length - after.length)) : NaN
    return Number.isInteger(major) && major > 0 ? [{ folder: form.replace('{N}', String(major)), major }] : []
  })
}

/** The folder above the one with the version, and that one. */
function splitForm(form: string): readonly [string, string] {
  const parts = form.split('/')
  const at = parts.findIndex((part) => part.includes('{N}'))
  return [parts.slice(0, at).join('/'), parts[at] ?? '']
}

function hasTools(folder: string): Promise<boolean> {
  const there = (program: string) => access(join(folder, program), constants.X_OK)
  return Promise.all(['pg_restore', 'pg_dump', 'psql'].map(there)).then(
    () => true,
    () => false,
  )
}

async function askTools(folder: string): Promise<PostgresTools | undefined> {
  if (!folder.startsWith('/') || !(await hasTools(folder))) return undefined
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
