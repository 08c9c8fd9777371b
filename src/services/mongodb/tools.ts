import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import type { ToolFolders } from '../postgres/tools.ts'
import { runTool } from '../postgres/tools-run.ts'

/** mongodump and mongorestore of one version. */
export type MongoTools = { readonly folder: string; readonly version: string }

export type FoundTools =
  | { readonly kind: 'found'; readonly tools: MongoTools }
  | { readonly kind: 'missing'; readonly looked: readonly string[] }
  | { readonly kind: 'too_old'; readonly version: string }

const usual = ['/usr/local/bin', '/usr/bin', '/opt/mongodb/bin', '/opt/homebrew/bin']
const programs = ['mongodump', 'mongorestore']
/** Since 100.0 the tools have numbers of their own; before, `--config` did not exist. */
const oldestMajor = 100

/** Where MongoDB's own tools are. A folder that was given is the only one that is looked in. */
export async function findMongoTools(folders?: ToolFolders): Promise<FoundTools> {
  const looked = folders?.given === undefined ? [...new Set([...(folders?.path ?? []), ...usual])] : [folders.given]
  for (const place of looked) {
    if (!(await hasBoth(place))) continue
    const version = await versionOf(join(place, 'mongorestore'))
    if (version === undefined) continue
    if (Number(version.split('.')[0]) < oldestMajor) return { kind: 'too_old', version }
    return { kind: 'found', tools: { folder: place, version } }
  }
  return { kind: 'missing', looked }
}

async function hasBoth(folder: string): Promise<boolean> {
  const found = await Promise.all(
    programs.map((program) =>
      access(join(folder, program), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  )
  return found.every(Boolean)
}

async function versionOf(program: string): Promise<string | undefined> {
  let said = ''
  const end = await runTool(program, ['--version'], { limitMs: 10_000 }, async (output) => {
    for await (const chunk of output) said += chunk.toString('utf8')
  }).catch(() => undefined)
  return end?.kind === 'ended' ? /version: r?(\d+\.\d+\.\d+)/.exec(said)?.[1] : undefined
}
